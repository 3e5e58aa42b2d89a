import Glibc

/// Ctrl-C, SIGTERM and SIGHUP request an end; a second one ends the process at once.
enum StopSignal {
    // A signal handler may only set a flag.
    nonisolated(unsafe) private static var asked: sig_atomic_t = 0

    /// Whether an end was requested.
    static var isAsked: Bool { asked != 0 }

    static func install() {
        // The parent process may have blocked them.
        var signals = EndSignals.all
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        for number in EndSignals.numbers {
            signal(number) { number in
                StopSignal.asked = 1
                signal(number, SIG_DFL)
            }
        }
    }
}
