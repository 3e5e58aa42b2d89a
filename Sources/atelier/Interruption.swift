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

/// The signals that ask for an end.
enum EndSignals {
    /// SIGHUP is one unless it was ignored at the start, as by `nohup`.
    static let numbers: [Int32] = {
        var action = sigaction()
        sigaction(SIGHUP, nil, &action)
        let isIgnored = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
        return isIgnored ? [SIGINT, SIGTERM] : [SIGINT, SIGTERM, SIGHUP]
    }()

    static var all: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in numbers { sigaddset(&signals, number) }
        return signals
    }
}
