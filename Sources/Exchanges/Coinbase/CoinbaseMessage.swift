import MarketModel

/// A message being read.
struct CoinbaseMessage<Reader: MemberReader> {
    var reader: Reader
    let receiveTime: Int64
    /// The time of the message.
    var time: MemberValue<Int64> = .absent

    /// Whether an event is a snapshot; nil if it does not say.
    @inline(__always)
    mutating func readType() -> Bool? {
        reader.choice(#"{"type":""#, #"update""#, #"snapshot""#).map { !$0 }
    }
}
