import Glibc

/// The processor time of the calling thread as nanoseconds: the cost of a stage, whatever else runs.
///
/// A reading is a system call of some hundred nanoseconds: use it for whole runs only.
enum ProcessorTime {
    static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    static func seconds(since start: UInt64) -> Double { Double(now() - start) * 1e-9 }
}
