#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Waits for a pipe or terminal that may bring nothing for ever, but not past a signal that asks for an end.
///
/// A command that blocks such signals, to tidy up first, asks for them between pieces of work; waiting is none.
enum PatientInput {
    private static let interval: Int32 = 100

    /// Waits until a read of `descriptor` would not; false once an end is asked for by a signal that is blocked.
    static func waits(for descriptor: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // Whatever else is wrong is for the read to say.
        while poll(&entry, 1, interval) == 0 {
            if isEndPending { return false }
        }
        return true
    }

    private static var isEndPending: Bool {
        var pending = sigset_t()
        guard sigpending(&pending) == 0 else { return false }
        return [SIGINT, SIGTERM, SIGHUP].contains { sigismember(&pending, $0) == 1 }
    }
}
