package import MarketModel

/// Decodes one connection of Kraken's WebSocket v2; the facts are in `WIRE.md` beside this file.
package struct KrakenDecoder: FrameDecoder {
    let venue: VenueIndex
    /// Whether known shapes take the fast path; off, the tolerant reading does everything.
    let usesFastPath: Bool
    var depths = KrakenDepths()

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

    /// Acks name channel and symbol, so what was sent does not matter.
    package mutating func sent(_ frame: RawSpan, receiveTime: Int64) {}

    package mutating func connectionReset() { depths.forgetAll() }
}

/// The depth each book is subscribed at: as its ack says, else the smallest that holds its snapshot.
struct KrakenDepths {
    private struct Depth {
        /// Of the messages at hand; 0 before the first snapshot.
        var current: UInt32 = 0
        /// As acknowledged.
        ///
        /// Holds from the next snapshot on. 0 without an ack.
        var acknowledged: UInt32 = 0
    }

    private var depths: [Depth] = []

    mutating func acknowledge(_ instrument: InstrumentIndex, _ depth: UInt32) {
        makeRoom(instrument)
        depths[instrument.position].acknowledged = depth
    }

    mutating func forget(_ instrument: InstrumentIndex) {
        makeRoom(instrument)
        depths[instrument.position] = Depth()
    }

    mutating func forgetAll() {
        for place in depths.indices { depths[place] = Depth() }
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
        if depth == 0 { depth = KrakenDepths.smallest(holding: count) }
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
