import Glibc

/// The clocks of the machine, in nanoseconds.
package enum Monotonic {
    /// Time since boot, suspension included.
    package static func now() -> Int64 { read(CLOCK_BOOTTIME) }

    /// Time since the Unix epoch.
    package static func wall() -> Int64 { read(CLOCK_REALTIME) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
