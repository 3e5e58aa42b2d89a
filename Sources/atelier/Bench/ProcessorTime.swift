import Glibc

/// The processor time of the calling thread as nanoseconds: what a stage takes of one core, whatever else runs.
///
/// A reading is a system call of some hundred nanoseconds: for whole runs, not for parts of them.
enum ProcessorTime {
    static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    static func seconds(since start: UInt64) -> Double { Double(now() - start) * 1e-9 }
}
