import MarketModel

/// A message of a topic, being read.
struct BybitMessage<Reader: MemberReader> {
    var reader: Reader
    let topic: BybitTopic
    /// The topic's symbol.
    let symbol: Reader.Symbol
    let receiveTime: Int64

    /// Whether it is a snapshot, nil if it does not say, and the frame's time: in either order, for linear and spot
    /// differ.
    @inline(__always)
    mutating func readPrefix(_ batch: inout EventBatch) -> (isSnapshot: Bool?, time: MemberValue<Int64>) {
        let isTimeFirst = reader.isNext(#","ts":"#)
        var time = isTimeFirst ? reader.milliseconds(#","ts":"#) : .absent
        let isSnapshot = readType()
        if !isTimeFirst { time = reader.milliseconds(#","ts":"#) }
        batch.frameTime = time.value
        return (isSnapshot, time)
    }

    @inline(__always)
    mutating func readType() -> Bool? {
        reader.choice(#","type":""#, #"delta""#, #"snapshot""#).map { !$0 }
    }
}
