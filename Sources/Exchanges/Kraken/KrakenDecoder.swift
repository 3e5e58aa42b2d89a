package import MarketModel

/// Decodes one connection of Kraken's WebSocket v2; the facts are in `WIRE.md` beside this file.
package struct KrakenDecoder: FrameDecoder {
    let venue: VenueIndex
    /// Whether known shapes take the fast path; off, the tolerant reading does everything.
    let usesFastPath: Bool
    var depths = KrakenDepths()
    var subscriptions = KrakenSubscriptions()
    var subscribed = SubscribedSymbols()

    var symbols = FastNames<InstrumentIndex>()
    var time = FastTime()

    package init(venue: VenueIndex, usesFastPath: Bool = true) {
        self.usesFastPath = usesFastPath
        self.venue = venue
    }

    package var sequences: (verified: Int, broken: Int) { (0, 0) }

    package mutating func decode(
        _ frame: RawSpan,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome {
        batch.frameTime = nil
        if usesFastPath, decodeFast(frame, receiveTime, &batch) { return .decoded }
        return decodeTolerantly(frame, receiveTime, &batch)
    }

    package mutating func sent(_ frame: RawSpan, receiveTime: Int64) { subscriptions.sent(frame) }

    package mutating func restrict(to symbols: SubscribedSymbols) {
        subscribed = symbols
        self.symbols = FastNames()
    }

    package mutating func connectionReset() {
        depths.forgetAll()
        subscriptions = KrakenSubscriptions()
    }

    /// The depth of a book message that holds `count` levels on its longer side.
    @inline(__always)
    mutating func depth(
        of instrument: InstrumentIndex,
        isSnapshot: Bool,
        count: Int,
        in batch: borrowing EventBatch
    ) -> UInt32 {
        if isSnapshot, !subscriptions.isEmpty { noteRequest(instrument, batch) }
        return depths.depth(of: instrument, isSnapshot: isSnapshot, count: count)
    }

    @inline(never)
    private mutating func noteRequest(_ instrument: InstrumentIndex, _ batch: borrowing EventBatch) {
        let symbol = Array(batch.instruments[instrument].symbol.utf8)
        depths.note(instrument, asksWithoutDepth: subscriptions.asksWithoutDepth(bookOf: symbol))
    }
}

/// The depth each book is subscribed at: as its ack says; else the usual one where it was asked for without one; else
/// the smallest that holds its snapshot.
struct KrakenDepths {
    private struct Depth {
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

    /// Notes how a book was asked for.
    mutating func note(_ instrument: InstrumentIndex, asksWithoutDepth: Bool) {
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
        return isSnapshot ? take(instrument, count) : 10
    }

    private mutating func take(_ instrument: InstrumentIndex, _ count: Int) -> UInt32 {
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
