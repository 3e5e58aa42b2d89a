/// Reads Thrift's compact protocol from untrusted bytes.
///
/// Lengths are checked against the remaining bytes before anything is allocated, and nesting against
/// ``maximumDepth``, so that a hostile footer costs no more than its own size.
struct ThriftReader {
    /// A malformed structure: what, and how many bytes from the start.
    struct Fault: Error, Equatable {
        var what: String
        var position: Int
        /// The bytes ended inside the structure: more bytes may help.
        var isTruncation = false
        /// A field has another wire type than the format gives it.
        var isMismatch = false
    }

    /// A field's number and wire type.
    struct Field {
        var id: Int16
        var kind: UInt8
    }

    static let maximumDepth = 32

    private let bytes: UnsafeRawBufferPointer
    private(set) var position: Int
    private var depth = 0

    /// Reads from `bytes`, which must outlive the reader.
    init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// Calls `body` for each field of a structure; `body` reads the value or calls ``skip(_:)``.
    ///
    /// A field of another wire type than `body` expects is skipped and counts as absent, as in readers
    /// generated from the format's definition.
    mutating func structure(
        _ body: (inout ThriftReader, Field) throws(Fault) -> Void
    ) throws(Fault) {
        depth += 1
        guard depth <= Self.maximumDepth else { throw fault("structures nested too deeply") }
        var last: Int16 = 0
        while true {
            let head = try byte()
            if head == 0 { break }
            let step = head >> 4
            if step == 0 {
                last = Int16(truncatingIfNeeded: try zigzag())
            } else {
                last = last &+ Int16(step)
            }
            let (field, start) = (Field(id: last, kind: head & 0x0F), position)
            do throws(Fault) {
                try body(&self, field)
            } catch {
                guard error.isMismatch else { throw error }
                position = start
                try skip(field)
            }
        }
        depth -= 1
    }

    /// Calls `body` for each element of a list of `kind` (booleans: 1 and 2 alike).
    mutating func list(
        _ field: Field,
        of kind: ThriftWriter.Kind,
        _ body: (inout ThriftReader) throws(Fault) -> Void
    ) throws(Fault) {
        try expect(field, .list)
        let (count, found) = try listHeader()
        guard count == 0 || found == kind.rawValue || (kind == .booleanTrue && found == 2) else {
            throw mismatch(field, kind)
        }
        for _ in 0..<count { try body(&self) }
    }

    mutating func bool(_ field: Field) throws(Fault) -> Bool {
        guard field.kind == 1 || field.kind == 2 else { throw mismatch(field, .booleanTrue) }
        return field.kind == 1
    }

    mutating func boolElement() throws(Fault) -> Bool { try byte() == 1 }

    mutating func int8(_ field: Field) throws(Fault) -> Int8 {
        try expect(field, .byte)
        return Int8(bitPattern: try byte())
    }

    mutating func int32(_ field: Field) throws(Fault) -> Int32 {
        try expect(field, .int32)
        return try int32Element()
    }

    mutating func int32Element() throws(Fault) -> Int32 {
        guard let value = Int32(exactly: try zigzag()) else { throw fault("an integer beyond 32 bits") }
        return value
    }

    mutating func int64(_ field: Field) throws(Fault) -> Int64 {
        try expect(field, .int64)
        return try zigzag()
    }

    mutating func int64Element() throws(Fault) -> Int64 { try zigzag() }

    mutating func binary(_ field: Field) throws(Fault) -> [UInt8] {
        try expect(field, .binary)
        return try binaryElement()
    }

    mutating func binaryElement() throws(Fault) -> [UInt8] {
        let count = try length("a text")
        let start = position
        position += count
        return Array(bytes[start..<position])
    }

    mutating func string(_ field: Field) throws(Fault) -> String {
        String(decoding: try binary(field), as: UTF8.self)
    }

    /// Throws unless a condition of the format is met.
    func require(_ condition: Bool, _ what: @autoclosure () -> String) throws(Fault) {
        if !condition { throw fault(what()) }
    }

    /// Passes over a value of any type.
    mutating func skip(_ field: Field) throws(Fault) {
        try skip(kind: field.kind, isElement: false)
    }

    private mutating func skip(kind: UInt8, isElement: Bool) throws(Fault) {
        switch kind {
        case 1, 2: if isElement { _ = try byte() }
        case 3: _ = try byte()
        case 4, 5, 6: _ = try varint()
        case 7: try advance(8)
        case 8: try advance(try length("a text"))
        case 9, 10: try skipList()
        case 11: try skipMap()
        case 12:
            try structure { (reader, field) throws(Fault) in try reader.skip(field) }
        case 13: try advance(16)
        default: throw fault("unknown wire type \(kind)")
        }
    }

    private mutating func skipList() throws(Fault) {
        let (count, kind) = try listHeader()
        depth += 1
        guard depth <= Self.maximumDepth else { throw fault("lists nested too deeply") }
        for _ in 0..<count { try skip(kind: kind, isElement: true) }
        depth -= 1
    }

    private mutating func skipMap() throws(Fault) {
        let count = try length("a map")
        guard count > 0 else { return }
        let kinds = try byte()
        depth += 1
        guard depth <= Self.maximumDepth else { throw fault("maps nested too deeply") }
        for _ in 0..<count {
            try skip(kind: kinds >> 4, isElement: true)
            try skip(kind: kinds & 0x0F, isElement: true)
        }
        depth -= 1
    }

    private mutating func listHeader() throws(Fault) -> (count: Int, kind: UInt8) {
        let head = try byte()
        if head >> 4 < 15 { return (Int(head >> 4), head & 0x0F) }
        // Every element takes at least one byte, so a larger count than the remaining bytes is false.
        return (try length("a list"), head & 0x0F)
    }

    private mutating func length(_ what: String) throws(Fault) -> Int {
        let value = try varint()
        let left = bytes.count - position
        guard value <= UInt64(left) else {
            throw Fault(
                what: "\(what) of length \(value), but \(left) bytes are left",
                position: position,
                isTruncation: true
            )
        }
        return Int(value)
    }

    private mutating func advance(_ count: Int) throws(Fault) {
        guard count <= bytes.count - position else {
            throw Fault(what: "the metadata ends too soon", position: position, isTruncation: true)
        }
        position += count
    }

    private mutating func byte() throws(Fault) -> UInt8 {
        guard position < bytes.count else {
            throw Fault(what: "the metadata ends too soon", position: position, isTruncation: true)
        }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func zigzag() throws(Fault) -> Int64 {
        let raw = try varint()
        return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
    }

    private mutating func varint() throws(Fault) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            let next = try byte()
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
            shift += 7
        }
        throw fault("an integer of more than ten bytes")
    }

    /// Throws unless a field has the expected wire type.
    func expect(_ field: Field, _ kind: ThriftWriter.Kind) throws(Fault) {
        if field.kind != kind.rawValue { throw mismatch(field, kind) }
    }

    private func mismatch(_ field: Field, _ kind: ThriftWriter.Kind) -> Fault {
        Fault(
            what: "field \(field.id) has wire type \(field.kind), expected \(kind.rawValue)",
            position: position,
            isMismatch: true
        )
    }

    private func fault(_ what: String) -> Fault { Fault(what: what, position: position) }
}
