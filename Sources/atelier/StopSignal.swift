import Glibc

/// Ctrl-C, SIGTERM and SIGHUP ask for an end; a second one is not waited for.
enum StopSignal {
    // A signal handler may do no more than set a flag.
    nonisolated(unsafe) private static var asked: sig_atomic_t = 0

    /// Whether an end was asked for.
    static var isAsked: Bool { asked != 0 }

    static func install() {
        // Whoever started this program may have blocked them.
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
