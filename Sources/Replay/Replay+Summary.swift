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
        let lanes = crew?.all ?? [lane]
        var lateness = lanes[0].pipeline.synchronizer.lateness
        for lane in lanes.dropFirst() { lateness.add(lane.pipeline.synchronizer.lateness) }
        for lane in lanes {
            summary.counts.add(lane.pipeline.counts)
            summary.synchronizer.add(lane.pipeline.synchronizer.counters)
            summary.add(lane.pipeline.checks)
            summary.droppedFrames = summary.droppedFrames.addingSaturated(lane.droppedFrames)
        }
        summary.rows = filter.rows
        summary.partialRows = filter.partialRows
        summary.suggestedHoldBack = summary.synchronizer.suggestedHoldBack(
            lateness,
            otherwise: options.synchronizer.watermarkDelay
        )
        summary.lateness = lateness
        let joined = crew?.joined ?? lane.pipeline.synchronizer.instruments.map { (lane: 0, instrument: $0) }
        let numbers = crew?.numbers
        summary.instruments = joined.map { one in
            let number = numbers?[one.lane][one.instrument.position] ?? one.instrument
            return summarize(one.instrument, of: lanes[one.lane].pipeline, number)
        }
        summary.unknownSamples = crew?.samples ?? lane.pipeline.unknownSamples
        if let (emission, contents) = try filter.finishDigest() {
            summary.digest = emission
            summary.contentDigest = contents
        }
        summary.notes = notes
        summary.span = ReplaySummary.span(of: lanes)
        summary.keyframe = keyframe
        summary.missingFrames = counters.missingFrames
        summary.hasConnections = hasConnections
        summary.absentInstruments = (options.instruments ?? []).filter { wanted in
            !lanes.contains { $0.pipeline.instruments.contains(wanted) }
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

    /// Sums up an instrument of a pipeline, whose rows have another number.
    private func summarize(
        _ index: InstrumentIndex,
        of pipeline: Pipeline,
        _ number: InstrumentIndex
    ) -> InstrumentSummary {
        let keeper = pipeline.books.keepers[index.position]
        let isSynced = keeper.book.state == .synced
        let rows = filter.rowsByInstrument
        return InstrumentSummary(
            instrument: pipeline.instruments[index.position],
            rows: number.position < rows.count ? rows[number.position] : 0,
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

extension ReplaySummary {
    /// Adds what a pipeline has checked.
    fileprivate mutating func add(
        _ checks: (
            sequences: (verified: Int, broken: Int), checksums: (verified: Int, failed: Int),
            tops: (verified: Int, failed: Int), gaps: Int
        )
    ) {
        sequences.verified += checks.sequences.verified
        sequences.broken += checks.sequences.broken
        checksums.verified += checks.checksums.verified
        checksums.failed += checks.checksums.failed
        tops.verified += checks.tops.verified
        tops.failed += checks.tops.failed
        gaps += checks.gaps
    }

    /// The receive times of the first and the last frame of all lanes.
    fileprivate static func span(of lanes: [ReplayLane]) -> (first: Int64, last: Int64)? {
        guard let first = lanes.compactMap(\.first).min(by: { $0.step < $1.step }),
            let last = lanes.compactMap(\.last).max(by: { $0.step < $1.step })
        else { return nil }
        return (first.time, last.time)
    }
}

extension UInt64 {
    /// The sum, or the greatest number there is.
    fileprivate func addingSaturated(_ other: UInt64) -> UInt64 {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? .max : sum
    }
}
