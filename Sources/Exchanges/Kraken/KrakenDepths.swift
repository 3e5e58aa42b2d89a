import MarketModel

/// The depth each book is subscribed at: as its ack says; else the usual one where it was asked for without one; else
/// the smallest that holds its snapshot.
struct KrakenDepths {
    fileprivate struct Depth {
        /// Of the messages at hand; 0 before the first snapshot.
        var current: UInt32 = 0
        /// As acknowledged.
        ///
        /// Holds from the next snapshot on. 0 without an ack.
        var acknowledged: UInt32 = 0
        /// Whether the request named no depth.
        var isUsual = false
    }

    private var depths: [Depth] = []

    mutating func acknowledge(_ instrument: InstrumentIndex, _ depth: UInt32) {
        makeRoom(instrument)
        depths[instrument.position].acknowledged = depth
    }

    /// Records how a book was asked for.
    mutating func recordRequest(_ instrument: InstrumentIndex, asksWithoutDepth: Bool) {
        makeRoom(instrument)
        depths[instrument.position].isUsual = asksWithoutDepth
    }

    /// Whether an unsubscription of that depth, nil if it names none, is of the book subscribed.
    func concerns(_ instrument: InstrumentIndex, _ depth: UInt32?) -> Bool {
        guard let depth, instrument.position < depths.count else { return true }
        let acknowledged = depths[instrument.position].acknowledged
        return acknowledged == 0 || acknowledged == depth
    }

    mutating func forget(_ instrument: InstrumentIndex) {
        makeRoom(instrument)
        depths[instrument.position] = Depth()
    }

    mutating func forgetAll() {
        for index in depths.indices { depths[index] = Depth() }
    }

    /// The depth of a message that holds `count` levels on its longer side.
    @inline(__always)
    mutating func depth(of instrument: InstrumentIndex, isSnapshot: Bool, count: Int) -> UInt32 {
        if instrument.position < depths.count, !isSnapshot {
            let depth = depths[instrument.position]
            if depth.current > 0 { return depth.current }
            if depth.acknowledged > 0 { return depth.acknowledged }
            return 10
        }
        return isSnapshot ? begin(instrument, count) : 10
    }

    /// The depth of a snapshot, and of what follows it.
    private mutating func begin(_ instrument: InstrumentIndex, _ count: Int) -> UInt32 {
        makeRoom(instrument)
        var depth = depths[instrument.position].acknowledged
        if depth == 0 {
            let isUsual = depths[instrument.position].isUsual
            depth = isUsual ? UInt32(Kraken.usualDepth) : KrakenDepths.smallest(holding: count)
        }
        depths[instrument.position].current = depth
        return depth
    }

    /// The smallest depth offered that holds so many levels.
    private static func smallest(holding count: Int) -> UInt32 {
        if count <= 10 { return 10 }
        if count <= 25 { return 25 }
        if count <= 100 { return 100 }
        return count <= 500 ? 500 : 1000
    }

    private mutating func makeRoom(_ instrument: InstrumentIndex) {
        while depths.count <= instrument.position { depths.append(Depth()) }
    }
}

extension KrakenDepths: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) { try coder.field("depths", &depths) }
}

extension KrakenDepths.Depth: StateElement {
    static var blank: Self { Self() }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("current", &current)
        try coder.packed("acknowledged", &acknowledged)
        try coder.packed("isUsual", &isUsual)
    }
}
