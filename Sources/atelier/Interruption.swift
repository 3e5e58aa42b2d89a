import Glibc

/// Ctrl-C and SIGTERM as a question asked between pieces of work, so that a command can tidy up first.
struct Interruption {
    /// Blocks both signals from here on; they stay pending until the process ends.
    init() {
        var signals = Interruption.signals
        sigprocmask(SIG_BLOCK, &signals, nil)
    }

    /// Whether one of them came.
    var isRequested: Bool {
        var pending = sigset_t()
        guard sigpending(&pending) == 0 else { return false }
        return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1
    }

    /// Throws if one of them came.
    func check() throws {
        if isRequested { throw CommandFailure("interrupted; what was begun is removed") }
    }

    private static var signals: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        return signals
    }
}
