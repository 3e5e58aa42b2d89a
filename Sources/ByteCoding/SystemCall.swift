#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Retries system calls interrupted by a signal.
enum SystemCall {
    /// Repeats `call` while it fails with `EINTR`; the result is its value or the `errno`.
    static func retrying(_ call: () -> Int) -> Result<Int, Failure> {
        while true {
            let result = call()
            if result >= 0 { return .success(result) }
            let code = errno
            if code != EINTR { return .failure(Failure(code: code)) }
        }
    }

    /// The system's text for an error number.
    static func text(of code: Int32) -> String {
        guard let text = strerror(code) else { return "error \(code)" }
        return String(cString: text)
    }

    /// An `errno`.
    struct Failure: Error {
        let code: Int32
    }
}
