#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Waits for a pipe or terminal that may never deliver, but not past a signal to stop.
///
/// Commands that block such signals poll for them between pieces of work; a wait must poll too.
enum PatientInput {
    private static let interval: Int32 = 100

    /// Waits until a read of `descriptor` would not block; returns false once a blocked signal asks to
    /// stop.
    static func waits(for descriptor: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // Any other failure surfaces in the read.
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
