import MarketModel
import OrderBooks
import Pipeline
import Recording
import Rows
import Synchronizer

// What a replay read and made of it.
extension Replay {
    func summary() throws -> ReplaySummary {
        var summary = ReplaySummary()
        summary.counts = pipeline.counts
        summary.synchronizer = pipeline.synchronizer.counters
        summary.rows = filter.rows
        summary.partialRows = filter.partialRows
        let checks = pipeline.checks
        summary.gaps = checks.gaps
        summary.checksums = checks.checksums
        summary.sequences = checks.sequences
        summary.tops = checks.tops
        summary.suggestedHoldBack = pipeline.synchronizer.suggestedHoldBack
        summary.lateness = pipeline.synchronizer.lateness
        summary.instruments = pipeline.synchronizer.instruments.map(summarize)
        summary.unknownSamples = pipeline.unknownSamples
        if let (emission, contents) = try filter.finishDigest() {
            summary.digest = emission
            summary.contentDigest = contents
        }
        summary.droppedFrames = droppedFrames
        summary.notes = notes
        summary.span = span
        summary.keyframe = keyframe
        summary.missingFrames = counters.missingFrames
        summary.hasConnections = hasConnections
        summary.absentInstruments = (options.instruments ?? []).filter { wanted in
            !pipeline.instruments.contains(wanted)
        }
        for source in merge.sources {
            source.close()
            summary.recordings.append(
                ReplayedRecording(
                    path: source.path,
                    contents: source.contents,
                    isReadToEnd: !source.hasFrame
                )
            )
            summary.losses += source.losses.map { (source.path, $0) }
            if source.isDamaged { summary.damagedFiles.append(source.path) }
            summary.missingFrames += source.missingFrames
            summary.stepsBack += source.stepsBack
        }
        return summary
    }

    private func summarize(_ index: InstrumentIndex) -> InstrumentSummary {
        let keeper = pipeline.books.keepers[index.position]
        let isSynced = keeper.book.state == .synced
        let rows = filter.rowsByInstrument
        return InstrumentSummary(
            instrument: pipeline.instruments[index.position],
            rows: index.position < rows.count ? rows[index.position] : 0,
            trades: pipeline.synchronizer.trades(of: index),
            bookState: keeper.book.state,
            bids: keeper.book.bidCount,
            asks: keeper.book.askCount,
            bestBid: isSynced && keeper.book.knownBids > 0 ? keeper.book.bid(at: 0) : nil,
            bestAsk: isSynced && keeper.book.knownAsks > 0 ? keeper.book.ask(at: 0) : nil,
            crossedSeen: keeper.counts.crossedSeen,
            definition: pipeline.definition(of: pipeline.instruments[index.position])
        )
    }
}
