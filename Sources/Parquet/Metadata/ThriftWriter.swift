/// Writes Thrift's compact protocol, as far as Parquet's metadata needs it.
///
/// Source: the Apache Thrift compact protocol specification.
struct ThriftWriter {
    enum Kind: UInt8 {
        case booleanTrue = 1
        case booleanFalse = 2
        case byte = 3
        case int16 = 4
        case int32 = 5
        case int64 = 6
        case binary = 8
        case list = 9
        case structure = 12
    }

    private(set) var bytes: [UInt8] = []
    private var lastField: Int16 = 0

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        lastField = 0
    }

    mutating func field(_ id: Int16, _ value: Bool) {
        header(id, value ? .booleanTrue : .booleanFalse)
    }

    mutating func field(_ id: Int16, byte value: Int8) {
        header(id, .byte)
        bytes.append(UInt8(bitPattern: value))
    }

    mutating func field(_ id: Int16, short value: Int16) {
        header(id, .int16)
        zigzag(Int64(value))
    }

    mutating func field(_ id: Int16, _ value: Int32) {
        header(id, .int32)
        zigzag(Int64(value))
    }

    mutating func field(_ id: Int16, _ value: Int64) {
        header(id, .int64)
        zigzag(value)
    }

    mutating func field(_ id: Int16, _ value: String) {
        field(id, Array(value.utf8))
    }

    mutating func field(_ id: Int16, _ value: [UInt8]) {
        header(id, .binary)
        element(value)
    }

    mutating func field(_ id: Int16, structure body: (inout ThriftWriter) -> Void) {
        header(id, .structure)
        element(structure: body)
    }

    mutating func field<Item>(
        _ id: Int16,
        list items: some Collection<Item>,
        of kind: Kind,
        _ body: (inout ThriftWriter, Item) -> Void
    ) {
        header(id, .list)
        if items.count < 15 {
            bytes.append(UInt8(items.count) << 4 | kind.rawValue)
        } else {
            bytes.append(0xF0 | kind.rawValue)
            varint(UInt64(items.count))
        }
        for item in items { body(&self, item) }
    }

    mutating func element(_ value: Int64) { zigzag(value) }

    mutating func element(_ value: Bool) { bytes.append(value ? 1 : 2) }

    mutating func element(_ value: [UInt8]) {
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func element(structure body: (inout ThriftWriter) -> Void) {
        let outer = lastField
        lastField = 0
        body(&self)
        bytes.append(0)
        lastField = outer
    }

    private mutating func header(_ id: Int16, _ kind: Kind) {
        let step = id - lastField
        if step > 0, step < 16 {
            bytes.append(UInt8(step) << 4 | kind.rawValue)
        } else {
            bytes.append(kind.rawValue)
            zigzag(Int64(id))
        }
        lastField = id
    }

    private mutating func zigzag(_ value: Int64) {
        varint(UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
