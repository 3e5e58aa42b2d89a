import ByteCoding

/// A file's size and SHA-256.
public struct FileDigest: Equatable, Sendable {
    /// The path as given, or relative to the dataset's folder.
    public var path: String
    /// Its size in bytes.
    public var bytes: UInt64
    /// 64 lower-case hexadecimal digits.
    public var sha256: String

    /// Reads a file, a block at a time; `name` is the path it is listed under.
    public static func of(_ path: String, name: String) throws(DatasetError) -> FileDigest {
        do throws(ByteCodingError) {
            let file = try FileReader(path: path)
            var digest = SHA256()
            var block = GrowableBytes(capacity: 1 << 20)
            var offset: UInt64 = 0
            while try file.readBlock(at: &offset, into: &block) { digest.update(block.bytes) }
            return FileDigest(path: name, bytes: file.size, sha256: digest.finishHexadecimal())
        } catch {
            throw .file(error)
        }
    }

    var json: OrderedJSON {
        .object([
            ("path", .string(path)), ("bytes", .large(Int64(clamping: bytes))), ("sha256", .string(sha256)),
        ])
    }
}
