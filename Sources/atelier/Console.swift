import ArgumentParser
import ByteCoding
import Glibc

/// What goes to standard error: diagnostics and progress.
///
/// Results go to standard output.
enum Console {
    /// Whether standard error is a terminal.
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Prints a line to standard error.
    static func note(_ text: String) {
        put(text + "\n")
    }

    /// Rewrites the last line of a terminal.
    static func progress(_ text: String) {
        guard isTerminal else { return }
        put("\r\u{1b}[K" + text)
    }

    /// Prints a result to standard output; throws what the output does not take, such as a full disk.
    static func result(_ text: String) throws {
        let output = ByteOutput(descriptor: STDOUT_FILENO, name: "standard output")
        try output.write(text + "\n")
        try output.flush()
    }

    private static func put(_ text: String) {
        var text = text
        text.withUTF8 { bytes in _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }

    /// Removes the progress line.
    static func endProgress() {
        if isTerminal { put("\r\u{1b}[K") }
    }
}

/// The exit codes of all commands.
extension ExitCode {
    /// File damage or dropped frames found; a failed `verify`, `audit` or `--expect`.
    static let damage = ExitCode(3)
    /// The command line makes no sense.
    static let usage = ExitCode(2)
}
