import MarketFiles
import MarketModel
import OrderBooks
import Pipeline
import Recording
import Replay
import Synchronizer

/// The summary of a replay, for people and machines.
struct ReplayReport {
    private let summary: ReplaySummary
    private let seconds: Double
    private let files: [String]
    private let out: String?

    init(_ summary: ReplaySummary, seconds: Double, files: [String], out: String?) {
        self.summary = summary
        self.seconds = seconds
        self.files = files
        self.out = out
    }

    private var framesPerSecond: Double {
        Double(summary.counts.frames - (summary.keyframe?.frames ?? 0)) / max(seconds, 1e-9)
    }

    /// The receive time of the first frame that was read.
    private var startedAt: Int64? {
        guard let keyframe = summary.keyframe else { return summary.span?.first }
        return keyframe.nextTime ?? keyframe.time
    }

    // MARK: - For machines

    var json: JSONOutput {
        let counts = summary.counts
        let rows = summary.synchronizer
        return .object([
            ("frames", .count(counts.frames)),
            ("events", .object(events(counts))),
            ("snapshot_trades", .count(rows.snapshotTrades)),
            ("snapshot_liquidations", .count(rows.snapshotLiquidations)),
            ("decoded_frames", .count(counts.decodedFrames)), ("ignored", .count(counts.ignored)),
            ("unknown", .count(counts.unknown)), ("error_frames", .count(counts.errorFrames)),
            ("decode_errors", .count(counts.decodeErrors)), ("rows", .count(summary.rows)),
            ("partial_rows", .count(summary.partialRows)), ("late_events", .count(rows.lateEvents)),
            ("late_states", .count(rows.lateStates)), ("before_first_row", .count(rows.beforeFirstRow)),
            ("bad_time", .count(rows.badTime)), ("duplicate_trades", .count(rows.duplicateTrades)),
            ("gaps", .count(summary.gaps)), ("jumps", .count(rows.jumps)),
            ("unsubscribed_symbols", .count(counts.unsubscribedSymbols)),
            ("excluded_trades", .count(rows.excludedTrades)),
            ("duplicate_books", .count(counts.duplicateBooks)),
            ("duplicate_messages", .count(counts.duplicateMessages)),
            // Nothing here has what this counts.
            ("recovered_trades", .integer(0)),
            ("started_at_ns", startedAt.map { .wide($0) } ?? .null),
            ("tickers", pair("verified", summary.tops.verified, "failed", summary.tops.failed)),
            ("suggested_hold_back_ns", .wide(summary.suggestedHoldBack)),
            ("checksums", pair("verified", summary.checksums.verified, "failed", summary.checksums.failed)),
            ("sequences", pair("verified", summary.sequences.verified, "broken", summary.sequences.broken)),
            ("instruments", .array(summary.instruments.map(instrument))),
            ("digest", .optional(summary.digest)), ("content_digest", .optional(summary.contentDigest)),
            ("seconds", .double(seconds)), ("frames_per_second", .double(framesPerSecond.rounded())),
            ("late_by_kind", pair("trades", rows.lateTrades, "liquidations", rows.lateLiquidations)),
            ("lateness_max_ns", summary.greatestLateness.map { .wide($0) } ?? .null),
            ("dropped_frames", .count(summary.droppedFrames)),
            ("missing_frames", .count(summary.missingFrames)),
            ("time_steps_back", .count(summary.stepsBack)), ("loss", .array(summary.losses.map(loss))),
            ("unknown_samples", .array(summary.unknownSamples.map(JSONOutput.string))),
            ("files", .array(files.map(JSONOutput.string))),
        ])
    }

    private func events(_ counts: PipelineCounts) -> [(String, JSONOutput)] {
        let ofKinds = [
            counts.bookSnapshots, counts.bookDeltas, counts.trades, counts.liquidations, counts.fundingRates,
            counts.openInterests,
        ]
        return zip(DataKind.all.flatMap(\.countKeys), ofKinds).map { ($0, .count($1)) }
    }

    private func pair(_ a: String, _ first: Int, _ b: String, _ second: Int) -> JSONOutput {
        .object([(a, .integer(first)), (b, .integer(second))])
    }

    private func instrument(_ one: InstrumentSummary) -> JSONOutput {
        .object([
            ("exchange", .string(one.instrument.exchange)),
            ("market", .string(one.instrument.market.rawValue)),
            ("symbol", .string(one.instrument.symbol)), ("rows", .integer(one.rows)),
            ("trades", .integer(one.trades)),
            (
                "book",
                .object([
                    ("state", .string(one.bookState.name)), ("bids", .integer(one.bids)),
                    ("asks", .integer(one.asks)), ("best_bid", level(one.bestBid)),
                    ("best_ask", level(one.bestAsk)), ("crossed_seen", .integer(one.crossedSeen)),
                ])
            ),
            ("definition", one.definition.map(definition) ?? .null),
        ])
    }

    private func definition(_ one: InstrumentDefinition) -> JSONOutput {
        let decimal = { (value: FixedDecimal?) in value.map { JSONOutput.string($0.description) } ?? .null }
        return .object([
            ("tick_size", decimal(one.tickSize)), ("size_step", decimal(one.sizeStep)),
            ("min_size", decimal(one.minimumSize)), ("contract", .optional(one.contract?.rawValue)),
            ("base", .string(one.base)), ("quote", .string(one.quote)), ("status", .string(one.status)),
        ])
    }

    private func level(_ level: PriceLevel?) -> JSONOutput {
        guard let level else { return .null }
        return .array([.string(level.price.description), .string(level.size.description)])
    }

    private func loss(_ one: (path: String, loss: FileLoss)) -> JSONOutput {
        .object([("file", .string(one.path))] + RecordingInfo.members(of: one.loss))
    }

    // MARK: - For people

    var text: String {
        let counts = summary.counts
        let rows = summary.synchronizer
        var lines = [
            "frames      \(counts.frames)  decoded \(counts.decodedFrames), ignored \(counts.ignored), "
                + "unknown \(counts.unknown), errors \(counts.errorFrames)",
            "events      \(counts.bookSnapshots) book snapshots, \(counts.bookDeltas) deltas, "
                + "\(counts.trades) trades, \(counts.liquidations) liquidations, "
                + "\(counts.fundingRates) funding rates, \(counts.openInterests) open interests",
            "checks      sequences \(summary.sequences.verified) verified, \(summary.sequences.broken) broken; "
                + "checksums \(summary.checksums.verified) verified, \(summary.checksums.failed) failed; "
                + "\(summary.gaps) gaps",
            "rows        \(summary.rows), of which \(summary.partialRows) partial",
        ]
        if counts.unsubscribedSymbols > 0 {
            lines.append(
                "not asked   \(counts.unsubscribedSymbols) entries of symbols that were not subscribed"
            )
        }
        if let left = leftOut(rows, counts) { lines.append("left out    \(left)") }
        lines += ["", table, ""]
        if let digest = summary.digest { lines.append("digest          \(digest)") }
        if let digest = summary.contentDigest { lines.append("content digest  \(digest)") }
        if let out { lines.append("files           \(files.count) in \(PrintableText.escaped(out))") }
        lines.append("\(seconds.rounded(to: 3)) s, \(framesPerSecond.grouped) frames/s")
        return lines.joined(separator: "\n")
    }

    private func leftOut(_ rows: SynchronizerCounters, _ counts: PipelineCounts) -> String? {
        let all = [
            (rows.snapshotTrades, "trades of subscription snapshots"),
            (rows.snapshotLiquidations, "liquidations of subscription snapshots"),
            (rows.excludedTrades, "trades outside the market"),
            (rows.duplicateTrades, "duplicate trades"),
            (counts.duplicateBooks, "book messages that another connection had brought"),
            (counts.duplicateMessages, "further messages that another connection had brought"),
            (rows.lateEvents, "late events"), (rows.beforeFirstRow, "before the first row"),
            (rows.badTime, "with bad times (placed by receive time)"), (rows.lateStates, "late states"),
            (rows.jumps, "jumps of the clock not filled"),
        ]
        let found = all.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return found.isEmpty ? nil : found.joined(separator: ", ")
    }

    private var table: String {
        let header = ["instrument", "rows", "trades", "book", "bids", "asks", "best bid", "best ask"]
        let rows = summary.instruments.map { one in
            [
                PrintableText.escaped(one.instrument.description), String(one.rows), String(one.trades),
                one.bookState.name,
                String(one.bids), String(one.asks), one.bestBid?.price.description ?? "–",
                one.bestAsk?.price.description ?? "–",
            ]
        }
        return TextTable(header: header, rows: rows).text
    }

    /// Warnings about a replay that succeeded.
    var warnings: [String] {
        var lines = summary.notes
        for (path, loss) in summary.losses {
            let frames = loss.frames.map { "\($0) frames" } ?? "an unknown number of frames"
            lines.append(
                "warning: \(path): \(loss.bytes) bytes at byte \(loss.offset) cannot be read (\(loss.reason)); "
                    + "\(frames) lost (try: atelier recover)"
            )
        }
        for path in summary.damagedFiles where !summary.losses.contains(where: { $0.path == path }) {
            lines.append(
                "warning: \(path): the file is torn: it ends without its footer (try: atelier recover)"
            )
        }
        if summary.missingFrames > 0 {
            lines.append("warning: \(summary.missingFrames) frames are missing in the log by its counters")
        }
        if summary.droppedFrames > 0 {
            lines.append("warning: the recorder dropped \(summary.droppedFrames) frames")
        }
        if !summary.hasConnections, summary.recordings.allSatisfy(\.isReadToEnd) {
            lines.append(
                "warning: no topic is a connection to an exchange (/<exchange>/<market>/<slot>/in); "
                    + "there is nothing to replay (atelier info lists the topics)"
            )
        }
        for absent in summary.absentInstruments {
            let known = summary.instruments.map(\.instrument.description).joined(separator: ", ")
            lines.append(
                "warning: no frame names the instrument \(PrintableText.escaped(absent.description)); found: "
                    + PrintableText.escaped(known.isEmpty ? "none" : known)
            )
        }
        let rows = summary.synchronizer
        let placed = rows.placedTrades + rows.placedLiquidations + rows.lateEvents
        if rows.lateEvents * 1000 > placed {
            lines.append(
                "warning: \(rows.lateEvents) of \(placed) trades and liquidations came too late for their row; "
                    + "--hold-back \(DurationArgument.text(summary.suggestedHoldBack)) would keep 99.9 %"
            )
        }
        for sample in summary.unknownSamples.prefix(3) {
            lines.append("unknown frame: \(PrintableText.escaped(sample))")
        }
        return lines
    }
}

extension Double {
    /// Rounded to a number of decimals.
    func rounded(to indexes: Int) -> Double {
        let unit = PowersOfTen.double(indexes)
        return (self * unit).rounded() / unit
    }
}
