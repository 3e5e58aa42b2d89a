import MarketModel

/// The liquidations of whole types of instruments, which one topic each carries.
struct OKXTypeFeeds {
    /// The instruments that the connection has named, and their types, in the order of their first naming.
    private var instruments: [InstrumentIndex] = []
    private var types: [UInt8] = []
    /// Bits of the types whose topic is live, and of those whose first list has yet to come.
    private var live: UInt8 = 0
    private var unlisted: UInt8 = 0
    /// By instrument, whether it was named.
    private var known: [Bool] = []

    /// How many instruments the connection has named.
    var count: Int { instruments.count }

    /// Forgets all of a connection attempt, keeping the memory.
    mutating func removeAll() {
        instruments.removeAll(keepingCapacity: true)
        types.removeAll(keepingCapacity: true)
        known.removeAll(keepingCapacity: true)
        (live, unlisted) = (0, 0)
    }

    /// Whether the connection has named an instrument.
    @inline(__always)
    func knows(_ instrument: InstrumentIndex) -> Bool {
        instrument.position < known.count && known[instrument.position]
    }

    /// Adds an instrument; returns whether liquidations of its type are live.
    mutating func meet(_ instrument: InstrumentIndex, _ type: OKXInstrumentType) -> Bool {
        instruments.append(instrument)
        types.append(type.rawValue)
        note(instrument)
        return live & type.bit != 0
    }

    private mutating func note(_ instrument: InstrumentIndex) {
        while known.count <= instrument.position { known.append(false) }
        known[instrument.position] = true
    }

    /// Begins or ends the topic of a type; returns the instruments of it that were named.
    mutating func set(_ type: OKXInstrumentType, isLive: Bool) -> [InstrumentIndex] {
        live = isLive ? live | type.bit : live & ~type.bit
        unlisted = isLive ? unlisted | type.bit : unlisted & ~type.bit
        return zip(instruments, types).filter { $0.1 == type.rawValue }.map(\.0)
    }

    /// Whether a message of a type's topic is the first behind its ack: a list of orders from before it.
    mutating func takesList(_ type: OKXInstrumentType) -> Bool {
        defer { unlisted &= ~type.bit }
        return unlisted & type.bit != 0
    }
}

extension OKXInstrumentType {
    fileprivate var bit: UInt8 { 1 << rawValue }
}

extension OKXTypeFeeds: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("instruments", &instruments)
        try coder.field("types", &types)
        try coder.field("live", &live)
        try coder.field("unlisted", &unlisted)
        guard coder.isReading else { return }
        guard types.count == instruments.count else { throw coder.malformed("instruments without a type") }
        known = []
        for instrument in instruments { note(instrument) }
    }
}
