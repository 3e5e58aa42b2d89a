import ByteCoding

/// Writes a `.npy` file (format version 1.0, C order) sequentially.
///
/// The header is padded so that elements begin at a multiple of 64 bytes: the file can be memory-mapped.
/// ``finish()`` gives it its name. Format: NumPy, `numpy.lib.format`.
public final class NumpyFile {
    /// The path in the end.
    public let path: String
    private let output: ByteOutput
    private let expected: UInt64
    private let headerLength: UInt64

    /// Begins a file of `shape`, of which the first axis varies slowest.
    public init(path: String, shape: [Int], type: ElementType) throws(TensorError) {
        self.path = path
        expected = try byteCount(shape, type)
        let header = NumpyFile.header(shape, type)
        headerLength = UInt64(header.count)
        output = try fileWork { () throws(ByteCodingError) in try ByteOutput(path: path) }
        do { try output.write(header.span.bytes) } catch { throw .file(error) }
    }

    /// Magic, version 1.0, the length of what follows, then a Python literal ended by a line feed.
    static func header(_ shape: [Int], _ type: ElementType) -> [UInt8] {
        let lengths = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var text = "{'descr': '\(type.numpyName)', 'fortran_order': False, 'shape': (\(lengths)), }"
        let padding = 63 - (10 + text.utf8.count) % 64
        text += String(repeating: " ", count: padding) + "\n"
        let length = text.utf8.count
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)]
            + Array(text.utf8)
    }

    /// Appends elements, little-endian, the last axis varying fastest.
    public func write(_ elements: RawSpan) throws(TensorError) {
        do { try output.write(elements) } catch { throw .file(error) }
    }

    /// Completes the file; refuses one with more or fewer elements than its shape says.
    public func finish() throws(TensorError) {
        let written = output.position - headerLength
        guard written == expected else {
            output.discard()
            throw .sizeMismatch(path: path, written: written, expected: expected)
        }
        do { try output.finish(replacing: false) } catch { throw .file(error) }
    }

    /// Discards the file without a trace.
    public func discard() { output.discard() }
}
