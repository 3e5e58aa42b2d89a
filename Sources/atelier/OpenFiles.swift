import Glibc

/// The limit on open files.
enum OpenFiles {
    /// Raises the soft limit to the hard one: there is a market file per instrument and data type.
    static func allowMany() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// How many more files the process may open, if known.
    static func left() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 256 }
        // Descriptors are assigned from the lowest: the next one shows how many are in use.
        let next = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard next >= 0 else { return 0 }
        close(next)
        return Int(min(limit.rlim_cur, 1 << 20)) - Int(next)
    }
}
