import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A thread of one's own, for work that waits: for a disk, a terminal, a queue.
///
/// Signals for the process are never delivered on it: whoever asks for an end is heard by the main thread.
public enum WorkerThread {
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on a new thread; `name` is what it is for, in errors.
    ///
    /// - Throws: ``ByteCodingError/system(operation:path:code:)`` where the system gives no further thread.
    public static func start(
        _ name: String,
        _ body: @escaping @Sendable () -> Void
    ) throws(ByteCodingError) {
        let thread = try make(name, body)
        pthread_detach(thread)
    }

    /// Whether the system gives `count` further threads now: libraries that are refused one end the process.
    ///
    /// - Throws: ``ByteCodingError/system(operation:path:code:)`` where it does not.
    public static func probe(_ count: Int) throws(ByteCodingError) {
        let isOver = DispatchSemaphore(value: 0)
        var threads: [pthread_t] = []
        defer {
            isOver.signal()
            // Only a thread that was joined is one that can be had again.
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
        // A new thread takes over the mask of its maker.
        var (all, before) = (sigset_t(), sigset_t())
        sigfillset(&all)
        // Not of the process but of the write that finds nobody reading.
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
