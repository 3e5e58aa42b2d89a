import MarketModel
import Recording
import Replay
import Report

/// Describes what was lost between the venue's socket and a replay.
struct LossText {
    private let summary: ReplaySummary

    /// The most file losses that are listed individually.
    private static let limit = 100

    init(_ summary: ReplaySummary) { self.summary = summary }

    /// A sentence per loss.
    var sentences: [String] {
        var sentences = summary.losses.prefix(Self.limit).map { sentence(of: $0.loss, in: $0.path) }
        if summary.losses.count > Self.limit {
            let rest = summary.losses[Self.limit...]
            let bytes = rest.reduce(UInt64(0)) { $0 &+ $1.loss.bytes }
            sentences.append("\(rest.count) more such places, \(NumberText.grouped(bytes)) bytes in all.")
        }
        for path in summary.damagedFiles where !summary.losses.contains(where: { $0.path == path }) {
            sentences.append("\(FileName.shown(path)): the file is torn: it ends without its footer.")
        }
        if summary.missingFrames > 0 {
            sentences.append(
                "\(NumberText.grouped(summary.missingFrames)) frames are missing in the log by its counters."
            )
        }
        if summary.droppedFrames > 0 {
            sentences.append(
                "The recorder dropped \(NumberText.grouped(summary.droppedFrames)) frames: the disk did not keep up."
            )
        }
        return sentences
    }

    private func sentence(of loss: FileLoss, in path: String) -> String {
        var text = "\(FileName.shown(path)): \(NumberText.grouped(loss.bytes)) bytes at byte "
        text += "\(NumberText.grouped(loss.offset)) cannot be read: \(loss.reason); "
        text += loss.frames.map { "\(NumberText.grouped($0)) frames" } ?? "an unknown number of frames"
        text += " lost"
        if let start = loss.startTime, let end = loss.endTime {
            text += ", received from \(LogTimeText.shown(start)) to \(LogTimeText.shown(end))"
        }
        return text + "."
    }
}
