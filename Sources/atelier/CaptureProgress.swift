import ArgumentParser
import Capture
import MarketModel
import Sinks

/// Progress: a rewritten line on a terminal, elsewhere a plain line now and then.
final class CaptureProgress {
    private let path: String
    private var shown: ContinuousClock.Instant
    private var before: CaptureCounts?

    init(_ path: String) {
        self.path = path
        shown = .now
        Console.report("recording to \(path)")
    }

    /// Shows what happened since the last call, if an update is due.
    func show(_ session: CaptureSession) {
        let every: Duration = Console.isTerminal ? .seconds(1) : .seconds(60)
        guard shown.duration(to: .now) >= every else { return }
        shown = .now
        let counts = session.counts()
        let text = line(counts)
        if Console.isTerminal { Console.progress(text) } else { Console.report(text) }
        before = counts
    }

    private func line(_ counts: CaptureCounts) -> String {
        let passed = Double(counts.elapsed - (before?.elapsed ?? 0)) / 1e9
        let parts = counts.connections.enumerated().map { index, connection in
            let old = before?.connections[index]
            let frames = Double(connection.frames - (old?.frames ?? 0)) / max(passed, 0.001)
            let bytes = Double(connection.bytes - (old?.bytes ?? 0)) / max(passed, 0.001)
            let age =
                connection.lastFrame == 0
                ? "none yet" : "\((counts.now - connection.lastFrame) / 1_000_000) ms ago"
            return "\(connection.name) \(Int(frames)) frames/s \(Int(bytes / 1000)) kB/s, last \(age), "
                + "\(connection.reconnects) reconnects, \(connection.gaps) gaps"
                + (connection.isOpen ? "" : " [not connected: \(connection.lastFailure ?? "connecting")]")
        }
        return parts.joined(separator: " | ") + " | logged \(counts.loggedFrames), dropped \(counts.dropped)"
    }
}
