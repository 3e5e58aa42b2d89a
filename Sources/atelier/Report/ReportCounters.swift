import Pipeline
import Replay
import Report
import Synchronizer

/// The counters of a replay, in groups that add up where they are parts of a whole.
struct ReportCounters {
    private let summary: ReplaySummary

    init(_ summary: ReplaySummary) { self.summary = summary }

    var groups: [ReportContent.CounterGroup] { [frames, events, trades, checks, rows] }

    private var frames: ReportContent.CounterGroup {
        let counts = summary.counts
        return .init(
            "Frames",
            [
                .init("decoded", counts.decodedFrames), .init("ignored by name", counts.ignored),
                .init("of unknown kinds", counts.unknown), .init("errors", counts.errorFrames),
            ],
            total: .init("frames", counts.frames)
        )
    }

    private var events: ReportContent.CounterGroup {
        let counts = summary.counts
        return .init(
            "Events",
            [
                .init("book snapshots", counts.bookSnapshots), .init("book deltas", counts.bookDeltas),
                .init("book copies", counts.duplicateBooks),
                .init("trades", counts.trades), .init("liquidations", counts.liquidations),
                .init("funding rates", counts.fundingRates), .init("open interests", counts.openInterests),
                .init("decode errors", counts.decodeErrors),
            ]
        )
    }

    /// Every trade and liquidation is in one row or in one counter.
    private var trades: ReportContent.CounterGroup {
        let (counts, rows) = (summary.counts, summary.synchronizer)
        let all = counts.trades + counts.liquidations
        var parts: [ReportContent.Count] = [
            .init("in rows", rows.placedTrades + rows.placedLiquidations),
            .init("late trades", rows.lateTrades), .init("late liquidations", rows.lateLiquidations),
            .init("before the first row", rows.beforeFirstRow),
            .init("duplicate trades", rows.duplicateTrades),
            .init("trades of subscription snapshots", rows.snapshotTrades),
            .init("liquidations of subscription snapshots", rows.snapshotLiquidations),
        ]
        let isCutShort = summary.recordings.contains { !$0.isReadToEnd }
        let rest = all - parts.reduce(0) { $0 + Int(clamping: $1.count) }
        if isCutShort, rest > 0 { parts.append(.init("waiting for their row at --to", rest)) }
        return .init("Trades and liquidations", parts, total: .init("trades and liquidations", all))
    }

    private var checks: ReportContent.CounterGroup {
        let crossed = summary.instruments.reduce(0) { $0 + $1.crossedSeen }
        return .init(
            "Checks",
            [
                .init("sequences verified", summary.sequences.verified),
                .init("sequences broken", summary.sequences.broken),
                .init("checksums verified", summary.checksums.verified),
                .init("checksums failed", summary.checksums.failed),
                .init("messages that left a book crossed", crossed),
                .init("gaps of books", summary.gaps),
            ]
        )
    }

    private var rows: ReportContent.CounterGroup {
        let rows = summary.synchronizer
        return .init(
            "Rows and times",
            [
                .init("rows", summary.rows), .init("partial rows", summary.partialRows),
                .init("jumps of clocks", rows.jumps), .init("late states", rows.lateStates),
                .init("bad times", rows.badTime), .init("receive times that step back", summary.stepsBack),
            ]
        )
    }
}
