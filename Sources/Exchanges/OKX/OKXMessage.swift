import MarketModel

/// A message of a channel, being read.
struct OKXMessage<Reader: MemberReader> {
    var reader: Reader
    let channel: OKXChannel
    /// The symbol of its argument.
    let symbol: Reader.Symbol
    let receiveTime: Int64

    /// The instrument of an entry that names none of its own.
    @inline(__always)
    mutating func instrument(_ names: InstrumentNames, _ batch: inout EventBatch) -> NamedInstrument {
        reader.instrument(nil, or: symbol, isEmptyNone: false, names, &batch.instruments)
    }
}
