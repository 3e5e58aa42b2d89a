/// A value or bound, comparable with others of its column.
enum OrderedValue {
    case integer(Int128)
    case number(Double)
    /// Byte by byte, as unsigned numbers.
    case bytes([UInt8])
    /// Two's complement, most significant byte first.
    case signedBytes([UInt8])

    /// Whether it comes before `other`; false for NaN, and for values of different kinds.
    func isLess(than other: OrderedValue) -> Bool {
        switch (self, other) {
        case (.integer(let a), .integer(let b)): a < b
        case (.number(let a), .number(let b)): a < b
        case (.bytes(let a), .bytes(let b)): a.lexicographicallyPrecedes(b)
        case (.signedBytes(let a), .signedBytes(let b)): Self.signedLess(a, b)
        default: false
        }
    }

    static func signedLess(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        let (a, b) = (left.first.map { $0 >= 0x80 } ?? false, right.first.map { $0 >= 0x80 } ?? false)
        if a != b { return a }
        // The same sign: extend the shorter with it, then compare as unsigned.
        let filler: UInt8 = a ? 0xFF : 0
        let length = max(left.count, right.count)
        let leftFull = [UInt8](repeating: filler, count: length - left.count) + left
        let rightFull = [UInt8](repeating: filler, count: length - right.count) + right
        return leftFull.lexicographicallyPrecedes(rightFull)
    }
}
