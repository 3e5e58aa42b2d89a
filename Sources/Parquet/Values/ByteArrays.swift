/// Many byte strings in one buffer.
public struct ByteArrays: Sendable, Equatable {
    /// The start of each value in ``bytes``, followed by the end of the last one: one more than there are
    /// values.
    public private(set) var offsets: [Int]
    /// The values one after the other.
    public private(set) var bytes: [UInt8]

    /// Makes an empty list.
    public init() {
        offsets = [0]
        bytes = []
    }

    /// Makes a list of texts.
    public init(_ texts: some Sequence<String>) {
        self.init()
        for text in texts { append(text) }
    }

    init(offsets: [Int], bytes: [UInt8]) {
        self.offsets = offsets
        self.bytes = bytes
    }

    /// How many values there are.
    public var count: Int { offsets.count - 1 }

    /// Adds a text as UTF-8.
    public mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        offsets.append(bytes.count)
    }

    /// Adds a value.
    public mutating func append(_ value: some Sequence<UInt8>) {
        bytes.append(contentsOf: value)
        offsets.append(bytes.count)
    }

    /// Adds all values of another list.
    public mutating func append(contentsOf other: ByteArrays) {
        let shift = bytes.count
        bytes.append(contentsOf: other.bytes)
        offsets.append(contentsOf: other.offsets.dropFirst().lazy.map { $0 + shift })
    }

    /// Makes room ahead of time.
    public mutating func reserveCapacity(values: Int, bytes count: Int) {
        offsets.reserveCapacity(values + 1)
        bytes.reserveCapacity(count)
    }

    /// Empties the list and keeps its memory.
    public mutating func removeAll() {
        offsets.removeAll(keepingCapacity: true)
        offsets.append(0)
        bytes.removeAll(keepingCapacity: true)
    }

    /// The bytes of one value.
    public subscript(index: Int) -> ArraySlice<UInt8> {
        bytes[offsets[index]..<offsets[index + 1]]
    }

    /// One value as text; invalid UTF-8 is repaired.
    public func text(at index: Int) -> String {
        String(decoding: self[index], as: UTF8.self)
    }

    func slice(_ range: Range<Int>) -> ByteArrays {
        let start = offsets[range.lowerBound]
        return ByteArrays(
            offsets: offsets[range.lowerBound...range.upperBound].map { $0 - start },
            bytes: Array(bytes[start..<offsets[range.upperBound]])
        )
    }
}
