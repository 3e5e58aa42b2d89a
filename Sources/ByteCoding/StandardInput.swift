import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Peeks at standard input, to choose its reader by its first bytes.
public enum StandardInput {
    /// Bytes of a pipe that were peeked at and are still to be read.
    private static let ahead = Mutex<[UInt8]>([])

    /// The first `count` bytes, or fewer if there are no more; the next opening of `-` reads them again.
    public static func peek(_ count: Int) throws(ByteCodingError) -> [UInt8] {
        let isFile = FileReader.regularSize(STDIN_FILENO) != nil
        var bytes = readBuffered()
        while bytes.count < count {
            var more = [UInt8](repeating: 0, count: count - bytes.count)
            let index = off_t(bytes.count)
            let result = SystemCall.retrying {
                more.withUnsafeMutableBytes { room in
                    isFile
                        ? pread(STDIN_FILENO, room.baseAddress, room.count, index)
                        : read(STDIN_FILENO, room.baseAddress, room.count)
                }
            }
            switch result {
            case .success(0): return remember(bytes, isFile)
            case .success(let taken): bytes += more[..<taken]
            case .failure(let failure): throw .system(operation: "read", path: "-", code: failure.code)
            }
        }
        return remember(bytes, isFile)
    }

    private static func remember(_ bytes: [UInt8], _ isFile: Bool) -> [UInt8] {
        if !isFile { ahead.withLock { $0 = bytes } }
        return bytes
    }

    /// Removes and returns the bytes peeked at.
    static func readBuffered() -> [UInt8] {
        ahead.withLock { bytes in
            defer { bytes = [] }
            return bytes
        }
    }
}
