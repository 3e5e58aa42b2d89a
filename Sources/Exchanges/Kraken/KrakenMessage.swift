import MarketModel

/// A message being read.
struct KrakenMessage<Reader: MemberReader> {
    var reader: Reader
    let receiveTime: Int64

    /// Whether it is a snapshot; nil if it does not say.
    @inline(__always)
    mutating func readType() -> Bool? {
        reader.choice(#","type":""#, #"update""#, #"snapshot""#).map { !$0 }
    }
}
