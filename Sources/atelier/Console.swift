import ArgumentParser
import ByteCoding
import Glibc
import MarketModel
import Synchronization

/// The output of a command: results on standard output, all else on standard error.
///
/// Text from venues, files or the command line is escaped, so that a line stays a line.
enum Console {
    /// What to do while the terminal or pipe is blocked.
    enum Patience: Int, AtomicRepresentable {
        /// Wait: no output is lost, and Ctrl-C ends the program.
        case waits
        /// Wait until a blocked signal asks for an end.
        case untilInterrupted
        /// Never wait: drop output, because the work must go on.
        case none
    }

    private static let patience = Atomic<Patience>(.waits)
    private static let errors = OutputQueue(STDERR_FILENO, capacity: 256 << 10, reportsLosses: true)
    private static let results = OutputQueue(STDOUT_FILENO, capacity: 1 << 20, reportsLosses: false)
    /// The longest line shown.
    private static let lineLimit = 4_000

    /// Sets what to do from now on while output is blocked.
    static func set(_ patience: Patience) {
        // A pipe without a reader counts as blocked.
        if patience == .none { signal(SIGPIPE, SIG_IGN) }
        Self.patience.store(patience, ordering: .relaxed)
    }

    /// Whether standard error is a terminal.
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Prints a line to standard error.
    static func report(_ text: String) {
        writeError(PrintableText.shortened(text, to: lineLimit) + "\n")
    }

    /// Rewrites the progress line of a terminal.
    static func progress(_ text: String) {
        guard isTerminal else { return }
        writeError("\r\u{1b}[K" + PrintableText.shortened(text, to: lineLimit), isCounted: false)
    }

    /// Removes the progress line.
    static func endProgress() {
        if isTerminal { writeError("\r\u{1b}[K", isCounted: false) }
    }

    /// Prints lines of a result to standard output; throws if they cannot be written, as on a full disk.
    static func result(_ text: String) throws { try write(PrintableText.escapedLines(text)) }

    /// Waits for pending output as far as patience allows; returns whether a result was cut short.
    ///
    /// Called once, at the end.
    static func finish() -> Bool {
        switch patience.load(ordering: .relaxed) {
        case .waits: return false
        case .untilInterrupted:
            for queue in [errors, results] { waitUnlessInterrupted(for: queue) }
            // Give the reason for the end a chance to be read.
            _ = errors.drain(milliseconds: 200)
            return !results.drain(milliseconds: 1)
        case .none:
            for queue in [errors, results] { _ = queue.drain(milliseconds: 2_000) }
            return false
        }
    }

    private static func write(_ text: String) throws {
        switch patience.load(ordering: .relaxed) {
        case .waits:
            let output = ByteOutput(descriptor: STDOUT_FILENO, name: "standard output")
            try output.write(text + "\n")
            try output.flush()
        case .untilInterrupted:
            results.enqueue(text + "\n")
            waitUnlessInterrupted(for: results)
            if let code = results.failure {
                throw ByteCodingError.system(operation: "write", path: "standard output", code: code)
            }
        case .none: results.enqueue(text + "\n")
        }
    }

    private static func writeError(_ text: String, isCounted: Bool = true) {
        guard patience.load(ordering: .relaxed) == .waits else {
            return errors.enqueue(text, isCounted: isCounted)
        }
        var text = text
        text.withUTF8 { bytes in _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }

    private static func waitUnlessInterrupted(for queue: OutputQueue) {
        while !Interruption.isRequested, !queue.drain(milliseconds: 50), queue.failure == nil {}
    }
}

/// The exit codes of all commands.
extension ExitCode {
    /// File damage or dropped frames found; a failed `verify`, `audit` or `--expect`.
    static let damage = ExitCode(3)
    /// An invalid command line.
    static let usage = ExitCode(2)
}
