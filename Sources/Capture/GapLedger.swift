import Glibc
import MarketModel
import Recording

/// `gaps.jsonl`: two lines a gap, `opened` and `closed`, each on disk before the next thing happens.
///
/// Lines are appended whole by one write, so that a crash loses at most the one being written.
final class GapLedger {
    private let descriptor: Int32
    private var open: [(subject: String, id: Int)] = []
    private var next = 1
    private let session: Int64
    /// Gaps opened so far.
    private(set) var count = 0

    init(path: String, session: Int64) throws(CaptureError) {
        descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        self.session = session
        guard descriptor >= 0 else { throw .file("\(path): \(String(cString: strerror(errno)))") }
    }

    deinit { _ = Glibc.close(descriptor) }

    /// A gap begins; one that is open already goes on.
    func open(_ subject: String, cause: String, at time: Int64) {
        guard !open.contains(where: { $0.subject == subject }) else { return }
        open.append((subject, next))
        write("opened", next, subject, time, ",\"cause\":\(JSONText.quoted(cause))")
        next += 1
        count += 1
    }

    /// A gap ends; which trades were missed is not known without dense identifiers.
    func close(_ subject: String, at time: Int64) {
        guard let place = open.firstIndex(where: { $0.subject == subject }) else { return }
        let id = open.remove(at: place).id
        write("closed", id, subject, time, ",\"trades_missed\":null")
    }

    private func write(_ event: String, _ id: Int, _ subject: String, _ time: Int64, _ rest: String) {
        let line =
            "{\"event\":\"\(event)\",\"id\":\"\(session)-\(id)\",\"time_ns\":\"\(time)\","
            + "\"time\":\"\(UnixTime.rfc3339(time))\",\"subject\":\(JSONText.quoted(subject))\(rest)}\n"
        let bytes = Array(line.utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        fdatasync(descriptor)
    }
}
