import ArgumentParser
import ByteCoding
import MarketModel
import Pipeline
import Replay
import Synchronizer

/// What the command prints about the page it wrote.
struct ReportResult {
    let path: String
    let bytes: UInt64
    let summary: ReplaySummary

    var json: JSONOutput {
        .object([
            ("path", .string(path)), ("bytes", .count(bytes)), ("frames", .count(summary.counts.frames)),
            ("rows", .count(summary.rows)), ("instruments", .count(summary.instruments.count)),
            ("gaps", .count(summary.gaps)), ("late_events", .count(summary.synchronizer.lateEvents)),
            ("jumps", .count(summary.synchronizer.jumps)), ("losses", .count(summary.losses.count)),
            ("missing_frames", .count(summary.missingFrames)),
            ("dropped_frames", .count(summary.droppedFrames)), ("damaged", .bool(summary.hasDamage)),
            ("digest", .optional(summary.digest)), ("content_digest", .optional(summary.contentDigest)),
        ])
    }

    var text: String {
        "\(PrintableText.escaped(path)): \(bytes) bytes; \(summary.counts.frames) frames, \(summary.rows) rows, "
            + "\(summary.instruments.count) instruments, \(summary.gaps) gaps"
    }
}
