import MarketModel

/// A message being read, of a channel and what its symbol names.
struct BitfinexMessage<Reader: MemberReader> {
    /// The numbers behind what a message holds.
    struct Tail {
        /// The connection's number of the message; nil where numbers were not asked for.
        var number: Int64?
        /// When the venue sent it, in nanoseconds since the Unix epoch; nil where times were not asked for.
        var time: Int64?
    }

    var reader: Reader
    let channel: Int
    let instrument: InstrumentIndex?
    let receiveTime: Int64

    /// Reads the numbers behind what the message holds; nil if they are none.
    @inline(__always)
    mutating func readTail() -> Tail? {
        var tail = Tail()
        switch reader.numberIfPresent(",") {
        case .absent: break
        case .malformed: return nil
        case .value(let number):
            tail.time = Bitfinex.time(ofNumber: number)
            guard tail.time == nil else { break }
            guard number >= 0 else { return nil }
            tail.number = number
            switch reader.numberIfPresent(",") {
            case .absent: break
            case .malformed: return nil
            case .value(let number):
                guard let time = Bitfinex.time(ofNumber: number) else { return nil }
                tail.time = time
            }
        }
        reader.end("]")
        return tail
    }
}
