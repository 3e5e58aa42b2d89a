import Exchanges
import MarketModel
import Measurement
import OrderBooks

extension Work {
    /// Level updates of decoded messages applied to books, instrument by instrument.
    public static func books(_ recordings: [RecordedFrames]) -> [Work] {
        recordings.flatMap { recording in
            let batch = recording.decoded().batch
            return batch.instruments.instruments.indices.compactMap { index in
                books(recording, batch, InstrumentIndex(UInt32(index)))
            }
        }
    }

    private static func books(
        _ recording: RecordedFrames,
        _ batch: EventBatch,
        _ instrument: InstrumentIndex
    ) -> Work? {
        var updates = batch.books.filter { $0.instrument == instrument }
        let rules = recording.exchange.bookRules
        // A book whose seed was a reply, not a frame, is not to be had here.
        guard updates.count > 1, !rules.isSeeded || updates.contains(where: \.isSeed) else { return nil }
        let symbol = batch.instruments.instruments[instrument.position].symbol
        var keeper = BookKeeper()
        if let seed = updates.lastIndex(where: \.isSeed) {
            // Of what came before the seed the last updates join it.
            let seeding = Array(updates[...seed])
            updates.removeFirst(seed + 1)
            return Work(
                "books",
                of: "\(recording.name) \(symbol) updates",
                unit: "level",
                units: updates.reduce(0) { $0 + $1.levelCount },
                preparation: {
                    keeper = BookKeeper()
                    keeper.apply(seeding, of: batch, rules)
                },
                pass: { keeper.apply(updates, of: batch, rules) }
            )
        }
        // A snapshot of many levels would be most of what is measured: it is taken before.
        let isDeep = updates[0].levelCount > 10_000
        let snapshot = isDeep ? updates.removeFirst() : nil
        return Work(
            "books",
            of: "\(recording.name) \(symbol)\(isDeep ? " updates" : "")",
            unit: "level",
            units: updates.reduce(0) { $0 + $1.levelCount },
            preparation: snapshot.map { snapshot in { keeper.apply([snapshot], of: batch, rules) } },
            pass: { keeper.apply(updates, of: batch, rules) }
        )
    }

    /// From a frame's bytes to the book that follows it.
    public static func framesToBooks(_ recordings: [RecordedFrames]) -> [Work] {
        recordings.map { recording in
            var batch = EventBatch()
            let venue = batch.instruments.venue(of: recording.exchange, recording.market)
            var decoder = recording.exchange.makeDecoder(market: recording.market, venue: venue)
            var keepers: [BookKeeper] = []
            let rules = recording.exchange.bookRules
            return Work(
                "frames to books",
                of: recording.name,
                unit: "frame",
                units: recording.ranges.count,
                bytes: recording.frameBytes
            ) {
                recording.toBooks(&decoder, &batch, &keepers, rules)
            }
        }
    }
}

extension BookKeeper {
    fileprivate mutating func apply(_ updates: [BookUpdate], of batch: EventBatch, _ rules: BookRules) {
        let levels = batch.levels.span
        for update in updates { _ = apply(update, levels: levels, connection: 0, rules: rules) }
        precondition(book.state == .synced, "the book is not synced")
    }
}

extension RecordedFrames {
    fileprivate func toBooks(
        _ decoder: inout any FrameDecoder,
        _ batch: inout EventBatch,
        _ keepers: inout [BookKeeper],
        _ rules: BookRules
    ) {
        decoder.connectionReset()
        let bytes = self.bytes.span.bytes
        for range in ranges {
            batch.removeAll()
            _ = decoder.decode(bytes.extracting(range), receiveTime: 0, into: &batch)
            while keepers.count < batch.instruments.count { keepers.append(BookKeeper()) }
            let levels = batch.levels.span
            for update in batch.books {
                let index = update.instrument.position
                _ = keepers[index].apply(update, levels: levels, connection: 0, rules: rules)
            }
        }
    }
}

extension BookUpdate {
    fileprivate var levelCount: Int { bidCount + askCount }
}
