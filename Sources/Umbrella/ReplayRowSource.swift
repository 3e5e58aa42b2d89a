package import Dataset
import Replay
package import Rows
package import Synchronizer

/// Rows for datasets from replays of recordings.
package struct ReplayRowSource: RowSource {
    private let recordings: [String]
    private let threads: Int?
    private let progress: (BuildStep) -> Void
    /// Rows that are put aside at the end of the recordings, or gone on with.
    var kept: KeptDatasetRows?

    /// Replays on so many threads; nil: on all cores.
    package init(
        recordings: [String],
        threads: Int? = nil,
        progress: @escaping (BuildStep) -> Void = { _ in }
    ) {
        (self.recordings, self.threads, self.progress) = (recordings, threads, progress)
    }

    /// The files of the recordings, in the order of a replay's arguments.
    package var files: [String] {
        get throws(DatasetError) {
            do { return try RecordingFiles.expand(recordings) } catch { throw .source("\(error)") }
        }
    }

    package func replay(
        _ options: SynchronizerOptions,
        _ cut: AuditCut,
        into sink: any RowSink
    ) throws(DatasetError) -> RowSourceReport {
        do {
            return try run(options, cut, sink)
        } catch let error as DatasetError {
            throw error
        } catch {
            throw .source("\(error)")
        }
    }

    private func run(
        _ options: SynchronizerOptions,
        _ cut: AuditCut,
        _ sink: any RowSink
    ) throws -> RowSourceReport {
        var options = ReplayOptions(synchronizer: options, digests: cut == .whole)
        if let threads { options.threads = threads }
        options.runsAhead = cut == .whole
        let kept = cut == .whole ? kept : nil
        // Rows that wait in a state hold levels, whoever wants them.
        if kept != nil { options.keepsLevels = true }
        var replay = try Replay(paths: recordings, options: options, into: sink)
        let keeper = kept == nil ? nil : sink as? any StatefulRowSink
        if let kept, let keeper { try kept.begin(&replay, keeper) }
        switch cut {
        case .whole: break
        case .truncated(let time): try replay.run(upTo: time)
        case .repeatedFromStart(let time):
            try replay.run(upTo: time)
            try replay.replaceTail(by: .repeatedFromStart, after: time)
        case .everySecondFrame(let time):
            try replay.run(upTo: time)
            try replay.replaceTail(by: .everySecondFrame, after: time)
        }
        if case .truncated = cut {
        } else {
            while try replay.run(limit: 1 << 16) { progress(.frames(replay.frames, replay.progress)) }
        }
        if let kept, let keeper { try kept.end(&replay, keeper) }
        return try report(try replay.finish())
    }

    private func report(_ summary: ReplaySummary) throws -> RowSourceReport {
        var report = RowSourceReport()
        report.files = try files
        report.span = summary.span.map { $0.first...max($0.first, $0.last) }
        report.counts = [
            ("frames", summary.counts.frames), ("decode_errors", summary.counts.decodeErrors),
            ("late_events", Int(clamping: summary.synchronizer.lateEvents)),
            ("late_states", Int(clamping: summary.synchronizer.lateStates)),
            ("before_first_row", Int(clamping: summary.synchronizer.beforeFirstRow)),
            ("bad_time", Int(clamping: summary.synchronizer.badTime)),
            ("duplicate_trades", Int(clamping: summary.synchronizer.duplicateTrades)),
            ("duplicate_books", summary.counts.duplicateBooks),
            ("gaps", summary.gaps), ("checksums_failed", summary.checksums.failed),
            ("sequences_broken", summary.sequences.broken),
            ("dropped_frames", Int(clamping: summary.droppedFrames)),
            ("missing_frames", Int(clamping: summary.missingFrames)),
        ]
        report.digests = [("rows", summary.digest), ("content", summary.contentDigest)]
            .compactMap { name, digest in digest.map { (name, $0) } }
        report.warnings += summary.notes
        for path in summary.damagedFiles {
            report.warnings.append("\(path): torn or damaged; what is whole was read")
        }
        if summary.synchronizer.lateEvents > 0, summary.suggestedHoldBack > 0 {
            report.warnings.append(
                "\(summary.synchronizer.lateEvents) trades or liquidations came too late for their row "
                    + "(--hold-back \(TimeText.text(summary.suggestedHoldBack)) keeps 99.9 %)"
            )
        }
        report.isDamaged = summary.hasDamage
        return report
    }
}
