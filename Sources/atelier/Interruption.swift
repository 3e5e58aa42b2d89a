import Glibc

/// Ctrl-C, SIGTERM and SIGHUP as a question asked between pieces of work, so that a command can tidy up first.
struct Interruption {
    /// Blocks the signals from here on; they stay pending until the process ends.
    init() {
        var signals = EndSignals.all
        sigprocmask(SIG_BLOCK, &signals, nil)
        // A pipe that takes nothing must not keep the question from being asked.
        Console.set(.untilInterrupted)
    }

    /// Whether one of them came and waits.
    static var isRequested: Bool {
        var pending = sigset_t()
        guard sigpending(&pending) == 0 else { return false }
        return EndSignals.numbers.contains { sigismember(&pending, $0) == 1 }
    }

    /// Throws if one of them came.
    func check() throws {
        if Self.isRequested { throw CommandFailure("interrupted; what was begun is removed") }
    }
}
