import Glibc

/// How many files the process may have open.
enum OpenFiles {
    /// Raises the soft limit to the hard one: market files are one an instrument and data type.
    static func allowMany() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// How many more the process may open, as far as can be told.
    static func left() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 256 }
        // Descriptors are given out from the lowest on: the next one tells how many are taken.
        let next = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard next >= 0 else { return 0 }
        close(next)
        return Int(min(limit.rlim_cur, 1 << 20)) - Int(next)
    }
}
