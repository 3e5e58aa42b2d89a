/// Writes or reads a state, field by field.
///
/// A named field is its name (a length byte and UTF-8), the length of its bytes (`UInt64`) and the bytes.
/// A packed field is its bytes alone: for values of which there are many. All numbers are little-endian.
public struct StateCoder {
    /// Whether fields are read, not written.
    package let isReading: Bool
    /// The bytes written, or those to be read.
    package private(set) var bytes: [UInt8]
    /// How many instruments there are: an index beyond is refused.
    package var instrumentCount = Int.max
    /// What was visited; nil unless a test asks.
    package var trace: StateTrace?
    private var offset = 0
    /// Where the field at hand ends.
    private var end: Int
    private var path: [String] = []

    /// Writes.
    package init() {
        isReading = false
        bytes = []
        end = .max
    }

    /// Reads bytes that were written.
    package init(reading bytes: [UInt8]) {
        isReading = true
        self.bytes = bytes
        end = bytes.count
    }

    /// Codes a state to its last byte; `name` is what errors call it.
    mutating func whole<Value: StateCodable>(_ value: inout Value, as name: String) throws(StateError) {
        path.append(name)
        try visit(&value)
        try expectEnd()
    }

    // MARK: - Fields

    /// Codes a field under its name, which must be the next when reading.
    package mutating func field(
        _ name: StaticString,
        _ value: inout some StateCodable
    ) throws(StateError) {
        let name = "\(name)"
        path.append(name)
        trace?.add(name)
        if isReading {
            try readField(name, &value)
        } else {
            let start = beginField(name)
            try visit(&value)
            endField(start)
        }
        path.removeLast()
    }

    /// Codes a field without its name: it must be of a fixed form, or say its own length.
    package mutating func packed(
        _ name: StaticString,
        _ value: inout some StateCodable
    ) throws(StateError) {
        if trace != nil {
            trace?.add("\(name)")
            path.append("\(name)")
        }
        try visit(&value)
        if trace != nil { path.removeLast() }
    }

    /// Codes a list whose elements are made by `blank`.
    package mutating func list<Element: StateCodable>(
        _ elements: inout [Element],
        blank: (Int) -> Element
    ) throws(StateError) {
        var count = UInt64(elements.count)
        try integer(&count)
        // Each element takes a byte at least: a false count cannot ask for more memory than there is input.
        guard !isReading || count <= UInt64(end - offset) else {
            throw malformed("\(count) elements in \(end - offset) bytes")
        }
        if isReading {
            elements = []
            elements.reserveCapacity(Int(count))
            for index in 0..<Int(count) { elements.append(blank(index)) }
        }
        for index in elements.indices { try visit(&elements[index]) }
    }

    // MARK: - Values

    /// Codes a number of at most 64 bits.
    package mutating func integer(_ value: inout some FixedWidthInteger) throws(StateError) {
        let size = value.bitWidth / 8
        if isReading {
            let start = try advance(size)
            var bits: UInt64 = 0
            for index in (0..<size).reversed() { bits = bits << 8 | UInt64(bytes[start + index]) }
            value = .init(truncatingIfNeeded: bits)
        } else {
            for index in 0..<size { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
        }
    }

    /// Codes a value that stands for a number.
    package mutating func raw<Value: RawRepresentable>(_ value: inout Value) throws(StateError)
    where Value.RawValue: FixedWidthInteger {
        var number = value.rawValue
        try integer(&number)
        guard let read = Value(rawValue: number) else { throw malformed("\(number) is no \(Value.self)") }
        value = read
    }

    /// Codes a value that stands for a text.
    package mutating func raw<Value: RawRepresentable>(_ value: inout Value) throws(StateError)
    where Value.RawValue == String {
        var text = value.rawValue
        try text.code(&self)
        guard let read = Value(rawValue: text) else {
            throw malformed("\(PrintableText.shortened(text)) is no \(Value.self)")
        }
        value = read
    }

    /// Codes bytes after their number.
    package mutating func data(_ value: inout [UInt8]) throws(StateError) {
        var count = UInt64(value.count)
        try integer(&count)
        if isReading {
            let start = try advance(Int(clamping: count))
            value = Array(bytes[start..<(start + Int(count))])
        } else {
            bytes += value
        }
    }

    /// The error of a field whose bytes are none of its values.
    package func malformed(_ reason: String) -> StateError {
        .malformed(field: path.joined(separator: "."), reason: reason)
    }

    // MARK: - Parts

    private mutating func visit<Value: StateCodable>(_ value: inout Value) throws(StateError) {
        guard trace != nil else { return try value.code(&self) }
        let start = bytes.count
        trace?.begin()
        try value.code(&self)
        trace?.end(value, at: path, start..<bytes.count)
    }

    private mutating func beginField(_ name: String) -> Int {
        bytes.append(UInt8(name.utf8.count))
        bytes += name.utf8
        bytes += [UInt8](repeating: 0, count: 8)
        return bytes.count
    }

    private mutating func endField(_ start: Int) {
        let length = UInt64(bytes.count - start)
        for index in 0..<8 { bytes[start - 8 + index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
    }

    private mutating func readField(_ name: String, _ value: inout some StateCodable) throws(StateError) {
        let found = try nextName()
        guard found == name else {
            throw .missing(
                field: path.joined(separator: "."),
                found: found.map { PrintableText.shortened($0) }
            )
        }
        var length: UInt64 = 0
        try integer(&length)
        let (start, outer) = (try advance(Int(clamping: length)), end)
        (offset, end) = (start, start + Int(length))
        try visit(&value)
        try expectEnd()
        end = outer
    }

    /// The name of the next field; nil at the end.
    private mutating func nextName() throws(StateError) -> String? {
        if offset == end { return nil }
        var count: UInt8 = 0
        try integer(&count)
        let start = try advance(Int(count))
        return String(decoding: bytes[start..<(start + Int(count))], as: UTF8.self)
    }

    private mutating func expectEnd() throws(StateError) {
        guard isReading, offset < end else { return }
        let name = try? nextName()
        throw .unknown(field: PrintableText.shortened(name ?? ""), after: path.joined(separator: "."))
    }

    private mutating func advance(_ count: Int) throws(StateError) -> Int {
        guard count <= end - offset else { throw malformed("\(count) bytes needed, \(end - offset) left") }
        defer { offset += count }
        return offset
    }
}
