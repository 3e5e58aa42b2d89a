import ArgumentParser
import MarketModel
import Parquet
import Recording
import Replay

/// A recording's summary, for people and machines.
enum RecordingInfo {
    static func json(_ summary: RecordingSummary, _ keyframes: KeyframeInfo? = nil) -> JSONOutput {
        .object(members(of: summary) + (keyframes.map { [("keyframes", $0.json)] } ?? []))
    }

    private static func members(of summary: RecordingSummary) -> [(String, JSONOutput)] {
        [
            ("format", .string("mcap")), ("profile", .string(summary.profile)),
            ("library", .string(summary.library)), ("messages", .count(summary.frames)),
            ("chunks", .count(summary.chunks)), ("channels", .array(summary.channels.map(channel))),
            ("start_ns", time(summary.start)), ("end_ns", time(summary.end)),
            ("compression", .object(summary.compressions.map { ($0.name, .count($0.chunks)) })),
            ("compressed_bytes", .count(summary.compressedBytes)),
            ("uncompressed_bytes", .count(summary.uncompressedBytes)),
            ("attachments", .count(summary.attachments)), ("metadata", .count(summary.metadata)),
            ("complete", .bool(summary.isComplete)), ("loss", .array(summary.losses.map(loss))),
            ("missing_frames", summary.missingFrames.map { .count($0) } ?? .null),
            ("steps_back", summary.stepsBack.map { .count($0) } ?? .null),
            ("counted", .bool(summary.isCounted)),
        ]
    }

    static func loss(_ loss: FileLoss) -> JSONOutput { .object(members(of: loss)) }

    /// The JSON of a loss, common to all reports.
    static func members(of loss: FileLoss) -> [(String, JSONOutput)] {
        [
            ("offset", .wide(loss.offset)), ("bytes", .count(loss.bytes)),
            ("frames", loss.frames.map { .count($0) } ?? .null), ("start_ns", time(loss.startTime)),
            ("end_ns", time(loss.endTime)), ("what", .string(loss.reason)),
        ]
    }

    private static func channel(_ entry: RecordingSummary.ChannelCount) -> JSONOutput {
        .object([
            ("topic", .string(entry.channel.topic)), ("exchange", .string(entry.channel.exchange)),
            ("market", .string(entry.channel.market)), ("slot", .string(entry.channel.slot)),
            ("messages", .count(entry.frames)),
        ])
    }

    private static func time(_ time: UInt64?) -> JSONOutput { time.map { .wide($0) } ?? .null }

    static func text(
        _ summary: RecordingSummary,
        path: String,
        _ keyframes: KeyframeInfo? = nil
    ) -> String {
        var lines = [
            "\(PrintableText.escaped(path)): MCAP, profile \(quoted(summary.profile)), written by \(quoted(summary.library))"
        ]
        lines.append("frames      \(summary.frames)")
        if let start = summary.start, let end = summary.end {
            lines.append("from        \(LogTimeText.shown(start))")
            lines.append("to          \(LogTimeText.shown(end))")
        }
        let kinds = summary.compressions.map { "\($0.chunks) \($0.name)" }.joined(separator: ", ")
        lines.append(
            "chunks      \(summary.chunks)\(kinds.isEmpty ? "" : " (\(kinds))"), \(summary.compressedBytes) bytes stored, "
                + "\(summary.uncompressedBytes) expanded"
        )
        lines.append("others      \(summary.attachments) attachments, \(summary.metadata) metadata records")
        if let keyframes { lines.append("keyframes   \(keyframes.text)") }
        if !summary.channels.isEmpty {
            let rows = summary.channels.map { [PrintableText.escaped($0.channel.topic), String($0.frames)] }
            lines.append(TextTable(header: ["topic", "frames"], rows: rows).text)
        }
        if let steps = summary.stepsBack, steps > 0 { lines.append("receive time steps back \(steps) times") }
        if let missing = summary.missingFrames, missing > 0 {
            lines.append("\(missing) frames are missing by the counters")
        }
        if !summary.isCounted {
            lines.append("as its index says; the frames were not read (--full reads them)")
        }
        lines += summary.losses.map(text)
        if !summary.isComplete { lines.append("the end of the file is missing (try: atelier recover)") }
        return lines.joined(separator: "\n")
    }

    /// A loss in one line.
    static func text(_ loss: FileLoss) -> String {
        var text = "lost: byte \(loss.offset), \(loss.bytes) bytes"
        text += loss.frames.map { ", \($0) frames" } ?? ", an unknown number of frames"
        if let start = loss.startTime, let end = loss.endTime {
            text += ", \(LogTimeText.shown(start)) to \(LogTimeText.shown(end))"
        }
        return text + ": \(PrintableText.escaped(loss.reason))"
    }

    private static func quoted(_ text: String) -> String { "\"\(PrintableText.escaped(text))\"" }
}
