/// A message being read.
struct HyperliquidMessage<Reader: MemberReader> {
    var reader: Reader
    let receiveTime: Int64
}
