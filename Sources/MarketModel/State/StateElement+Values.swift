// How the values of fields are written: numbers little-endian in their size, texts and lists after their length.

extension StateCodable where Self: FixedWidthInteger {
    package mutating func code(_ coder: inout StateCoder) throws(StateError) { try coder.integer(&self) }
}

extension StateElement where Self: FixedWidthInteger {
    package static var blank: Self { 0 }
}

extension StateCodable where Self: RawRepresentable, RawValue: FixedWidthInteger {
    /// Writes or reads the number it stands for.
    package mutating func code(_ coder: inout StateCoder) throws(StateError) { try coder.raw(&self) }
}

extension StateCodable where Self: RawRepresentable, RawValue == String {
    /// Writes or reads the text it stands for.
    package mutating func code(_ coder: inout StateCoder) throws(StateError) { try coder.raw(&self) }
}

extension Int: StateElement {}
extension Int32: StateElement {}
extension Int64: StateElement {}
extension UInt8: StateElement {}
extension UInt16: StateElement {}
extension UInt32: StateElement {}
extension UInt64: StateElement {}

extension Int128: StateElement {
    package static var blank: Int128 { 0 }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var (low, high) = (UInt64(truncatingIfNeeded: self), Int64(truncatingIfNeeded: self >> 64))
        try coder.integer(&low)
        try coder.integer(&high)
        self = Int128(high) << 64 | Int128(low)
    }
}

extension Bool: StateElement {
    package static var blank: Bool { false }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var byte: UInt8 = self ? 1 : 0
        try coder.integer(&byte)
        guard byte <= 1 else { throw coder.malformed("\(byte) is neither 0 nor 1") }
        self = byte == 1
    }
}

extension Double: StateElement {
    package static var blank: Double { 0 }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var bits = bitPattern
        try coder.integer(&bits)
        self = Double(bitPattern: bits)
    }
}

extension String: StateElement {
    package static var blank: String { "" }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var bytes = Array(utf8)
        try coder.data(&bytes)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw coder.malformed("no UTF-8") }
        self = text
    }
}

extension Array: StateCodable where Element: StateElement {
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.list(&self) { _ in .blank }
    }
}

extension Array: StateElement where Element: StateElement {
    package static var blank: [Element] { [] }
}

extension Optional: StateCodable where Wrapped: StateElement {
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var isThere = self != nil
        try isThere.code(&coder)
        guard isThere else {
            self = nil
            return
        }
        var value: Wrapped = self ?? Wrapped.blank
        try value.code(&coder)
        self = value
    }
}

extension Optional: StateElement where Wrapped: StateElement {
    package static var blank: Wrapped? { nil }
}
