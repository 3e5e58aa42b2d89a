import Glibc

/// Polls for Ctrl-C, SIGTERM and SIGHUP between pieces of work, so that a command can clean up.
struct Interruption {
    /// Blocks the signals from now on; they stay pending until the process ends.
    init() {
        var signals = EndSignals.all
        sigprocmask(SIG_BLOCK, &signals, nil)
        // A blocked pipe must not prevent polling.
        Console.set(.untilInterrupted)
    }

    /// Whether one of them is pending.
    static var isRequested: Bool {
        var pending = sigset_t()
        guard sigpending(&pending) == 0 else { return false }
        return EndSignals.numbers.contains { sigismember(&pending, $0) == 1 }
    }

    /// Throws if one of them is pending.
    func check() throws {
        if Self.isRequested { throw CommandFailure("interrupted; what was begun is removed") }
    }
}
