import ByteCoding

/// Writes a `.safetensors` file tensor by tensor.
///
/// The header is padded with spaces so that data begins at a multiple of 64 bytes. Tensors follow in the
/// order given without padding, each at a multiple of its element's size; ``aligned(_:)`` makes such an
/// order. Format: Hugging Face, safetensors.
public final class SafetensorsFile {
    /// A tensor of the file.
    public struct Tensor: Sendable, Equatable {
        /// Its name.
        public var name: String
        /// The type of its elements.
        public var type: ElementType
        /// Its shape; the first axis varies slowest.
        public var shape: [Int]

        /// Describes a tensor.
        public init(_ name: String, _ type: ElementType, _ shape: [Int]) {
            self.name = name
            self.type = type
            self.shape = shape
        }
    }

    /// The path in the end.
    public let path: String
    private let output: ByteOutput
    private let expected: UInt64
    private let headerLength: UInt64

    /// The tensors in an order in which each is aligned: wide types first, as in the format's own writer.
    public static func aligned(_ tensors: [Tensor]) -> [Tensor] {
        // Stable, so that tensors of one width keep their order.
        tensors.enumerated().sorted { left, right in
            let (wide, other) = (left.element.type.size, right.element.type.size)
            return wide == other ? left.offset < right.offset : wide > other
        }.map(\.element)
    }

    /// Begins a file of `tensors`; `metadata` is text by name.
    public init(
        path: String,
        tensors: [Tensor],
        metadata: [(key: String, value: String)] = []
    ) throws(TensorError) {
        self.path = path
        let (header, size) = try SafetensorsFile.header(tensors, metadata)
        expected = size
        headerLength = UInt64(header.count)
        output = try fileWork { () throws(ByteCodingError) in try ByteOutput(path: path) }
        do { try output.write(header.span.bytes) } catch { throw .file(error) }
    }

    /// Eight bytes of length, then JSON: names with type, shape and offsets.
    private static func header(
        _ tensors: [Tensor],
        _ metadata: [(key: String, value: String)]
    ) throws(TensorError) -> ([UInt8], UInt64) {
        var members: [String] = []
        var names: [String] = ["__metadata__"]
        if !metadata.isEmpty {
            let texts = metadata.map { quoted($0.key) + ":" + quoted($0.value) }
            members.append("\"__metadata__\":{" + texts.joined(separator: ",") + "}")
        }
        var offset: UInt64 = 0
        for tensor in tensors {
            guard !names.contains(tensor.name) else { throw .name(tensor.name) }
            names.append(tensor.name)
            guard offset % UInt64(tensor.type.size) == 0 else {
                throw .unaligned(tensor.name, offset: offset)
            }
            let (end, overflow) = offset.addingReportingOverflow(try byteCount(tensor.shape, tensor.type))
            guard !overflow, end <= UInt64(Int64.max) else { throw .shape(tensor.shape) }
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            members.append(
                "\(quoted(tensor.name)):{\"dtype\":\"\(tensor.type.safetensorsName)\",\"shape\":[\(shape)],"
                    + "\"data_offsets\":[\(offset),\(end)]}"
            )
            offset = end
        }
        var text = "{" + members.joined(separator: ",") + "}"
        text += String(repeating: " ", count: (64 - (8 + text.utf8.count) % 64) % 64)
        let length = UInt64(text.utf8.count)
        return ((0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + Array(text.utf8), offset)
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" {
                quoted += "\\"
                quoted.unicodeScalars.append(scalar)
            } else if scalar.value < 0x20 {
                quoted += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            } else {
                quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// Appends elements of the tensors in their order, little-endian.
    public func write(_ elements: RawSpan) throws(TensorError) {
        do { try output.write(elements) } catch { throw .file(error) }
    }

    /// Completes the file; refuses one with more or fewer elements than its tensors say.
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
