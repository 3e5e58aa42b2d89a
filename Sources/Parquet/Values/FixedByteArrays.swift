/// Many byte strings of one length in one buffer.
public struct FixedByteArrays: Sendable, Equatable {
    /// Bytes a value, at least 1.
    public let width: Int
    /// The values one after the other.
    public private(set) var bytes: [UInt8]

    /// Makes an empty list of values of `width` bytes (taken as 1 if less).
    public init(width: Int) {
        self.width = max(width, 1)
        bytes = []
    }

    init(width: Int, bytes: [UInt8]) {
        self.width = max(width, 1)
        self.bytes = bytes
    }

    /// How many values there are.
    public var count: Int { bytes.count / width }

    /// Adds a value, cut or padded with zeros to the width.
    public mutating func append(_ value: some Sequence<UInt8>) {
        let end = bytes.count + width
        for byte in value where bytes.count < end { bytes.append(byte) }
        while bytes.count < end { bytes.append(0) }
    }

    /// Empties the list and keeps its memory.
    public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Adds all values of another list of the same width.
    public mutating func append(contentsOf other: FixedByteArrays) {
        precondition(other.width == width, "widths differ")
        bytes.append(contentsOf: other.bytes)
    }

    /// The bytes of one value.
    public subscript(index: Int) -> ArraySlice<UInt8> {
        bytes[index * width..<(index + 1) * width]
    }

    func slice(_ range: Range<Int>) -> FixedByteArrays {
        FixedByteArrays(
            width: width,
            bytes: Array(bytes[range.lowerBound * width..<range.upperBound * width])
        )
    }
}
