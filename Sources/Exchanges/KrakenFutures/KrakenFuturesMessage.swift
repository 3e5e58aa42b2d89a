import MarketModel

/// A message being read.
struct KrakenFuturesMessage<Reader: MemberReader> {
    var reader: Reader
    let receiveTime: Int64
}
