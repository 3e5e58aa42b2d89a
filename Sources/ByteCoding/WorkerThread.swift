import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A dedicated thread for blocking work: a disk, a terminal, a queue.
///
/// Signals to the process are never delivered on it, so the main thread receives requests to stop.
public enum WorkerThread {
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// How many processors the system runs, at least one; fewer may be there for this process.
    public static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Runs `body` on a new thread; `name` is its purpose, for errors.
    /// - Throws: ``ByteCodingError/system(operation:path:code:)`` where the system gives no further thread.
    public static func start(
        _ name: String,
        _ body: @escaping @Sendable () -> Void
    ) throws(ByteCodingError) {
        let thread = try make(name, body)
        pthread_detach(thread)
    }

    /// Checks that the system can start `count` further threads: libraries that are refused one end the
    /// process.
    /// - Throws: ``ByteCodingError/system(operation:path:code:)`` where it does not.
    public static func probe(_ count: Int) throws(ByteCodingError) {
        let isOver = DispatchSemaphore(value: 0)
        var threads: [pthread_t] = []
        defer {
            isOver.signal()
            // Only after a join is a thread available again.
            for thread in threads { pthread_join(thread, nil) }
        }
        for _ in 0..<count {
            threads.append(
                try make("the session") {
                    isOver.wait()
                    isOver.signal()
                }
            )
        }
    }

    private static func make(
        _ name: String,
        _ body: @escaping @Sendable () -> Void
    ) throws(ByteCodingError) -> pthread_t {
        let work = Unmanaged.passRetained(Work(body))
        // A new thread inherits its creator's signal mask.
        var (all, before) = (sigset_t(), sigset_t())
        sigfillset(&all)
        // SIGPIPE is raised by a write without a reader, not sent to the process.
        sigdelset(&all, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &all, &before)
        let (code, thread) = create(work.toOpaque())
        pthread_sigmask(SIG_SETMASK, &before, nil)
        guard code == 0, let thread else {
            work.release()
            throw .system(operation: "start a thread for", path: name, code: code)
        }
        return thread
    }

    #if canImport(Darwin)
    private static func create(_ work: UnsafeMutableRawPointer) -> (Int32, pthread_t?) {
        var thread: pthread_t?
        let code = pthread_create(
            &thread,
            nil,
            { argument in
                Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            },
            work
        )
        return (code, thread)
    }
    #else
    private static func create(_ work: UnsafeMutableRawPointer) -> (Int32, pthread_t?) {
        var thread = pthread_t()
        let code = pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            },
            work
        )
        return (code, thread)
    }
    #endif
}
