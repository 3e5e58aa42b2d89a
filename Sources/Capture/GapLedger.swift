import ByteCoding
import MarketModel
import Recording

/// `gaps.jsonl`: two lines a gap, `opened` and `closed`, each appended in one write and synced at once.
///
/// Written by its own thread: a stalled disk delays neither the log nor its end.
final class GapLedger {
    private let file: LedgerFile
    private var open: [(subject: String, id: Int)] = []
    private var outages: [(subject: String, id: Int)] = []
    private var next = 1
    private let session: Int64
    /// Gaps opened so far.
    private(set) var count = 0

    init(path: String, session: Int64) throws(CaptureError) {
        file = try LedgerFile(path)
        self.session = session
    }

    /// Starts the thread that writes.
    func begin() throws(ByteCodingError) { try file.begin() }

    /// Waits for pending lines unless the disk is stalled; returns how many were not written.
    func end() -> Int { file.end() }

    /// Records a note.
    func record(_ note: GapNote, at time: Int64) {
        if let cause = note.cause {
            open(note.subject, cause: cause, at: time)
        } else {
            close(note.subject, missed: note.tradesMissed, at: time)
        }
    }

    /// Records frames missing at one place in the log.
    func dropped(_ subject: String, frames: UInt64?, at time: Int64) {
        write("opened", next, subject, time, ",\"cause\":\"dropped\"")
        close(next, subject, frames, time)
        next += 1
        count += 1
    }

    /// Frames of a connection are being lost, independent of its other gaps.
    func outageBegan(_ subject: String, at time: Int64) {
        outages.append((subject, next))
        write("opened", next, subject, time, ",\"cause\":\"dropped\"")
        next += 1
        count += 1
    }

    /// Frames of a connection are no longer lost; `frames` were.
    func outageEnded(_ subject: String, frames: UInt64?, at time: Int64) {
        guard let index = outages.firstIndex(where: { $0.subject == subject }) else { return }
        close(outages.remove(at: index).id, subject, frames, time)
    }

    private func close(_ id: Int, _ subject: String, _ frames: UInt64?, _ time: Int64) {
        let frames = frames.map { String($0) } ?? "null"
        write("closed", id, subject, time, ",\"frames\":\(frames),\"trades_missed\":null")
    }

    /// Opens a gap, unless one is open already.
    private func open(_ subject: String, cause: String, at time: Int64) {
        guard !open.contains(where: { $0.subject == subject }) else { return }
        open.append((subject, next))
        write("opened", next, subject, time, ",\"cause\":\(JSONText.quoted(cause))")
        next += 1
        count += 1
    }

    /// Closes a gap; the number of missed trades is known only if trades are numbered consecutively.
    private func close(_ subject: String, missed: UInt64?, at time: Int64) {
        guard let index = open.firstIndex(where: { $0.subject == subject }) else { return }
        let id = open.remove(at: index).id
        write("closed", id, subject, time, ",\"trades_missed\":\(missed.map { String($0) } ?? "null")")
    }

    private func write(_ event: String, _ id: Int, _ subject: String, _ time: Int64, _ rest: String) {
        let line =
            "{\"event\":\"\(event)\",\"id\":\"\(session)-\(id)\",\"time_ns\":\"\(time)\","
            + "\"time\":\"\(UnixTime.rfc3339(time))\",\"subject\":\(JSONText.quoted(subject))\(rest)}\n"
        file.append(line)
    }
}
