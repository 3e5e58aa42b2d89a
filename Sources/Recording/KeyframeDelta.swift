import ByteCoding

/// A part of a keyframe as what differs from the same part of the keyframe before: bytes, a run of the other's, bytes.
///
/// Ids of trades are most of a state, and few of them are new.
enum KeyframeDelta {
    /// The bytes of the middle of the base that are looked for.
    private static let anchor = 64
    /// Smaller parts are written whole.
    private static let least = 4 << 10

    /// What differs; nil if it is not less than half of the part.
    ///
    /// Length of the first bytes, these, offset and length of the run (each a little-endian `UInt64`), the rest.
    static func difference(_ part: [UInt8], from base: [UInt8]) -> [UInt8]? {
        guard part.count >= least, base.count >= least else { return nil }
        let found = part.withUnsafeBytes { part in base.withUnsafeBytes { run(in: part, of: $0) } }
        guard let found, found.count > part.count / 2 else { return nil }
        var bytes = number(found.start)
        bytes += part[..<found.start]
        bytes += number(found.base) + number(found.count)
        bytes += part[(found.start + found.count)...]
        return bytes
    }

    /// The part; nil if the difference is not of such a base.
    static func apply(_ difference: [UInt8], to base: [UInt8]) -> [UInt8]? {
        var reader = ByteReader(difference.span.bytes)
        guard let head = count(&reader), let first = try? reader.readBytes(head),
            let offset = count(&reader), let length = count(&reader), offset <= base.count,
            length <= base.count - offset
        else { return nil }
        var part = first.withUnsafeBytes { Array($0) }
        part += base[offset..<(offset + length)]
        part += difference[reader.position...]
        return part
    }

    private static func count(_ reader: inout ByteReader) -> Int? {
        (try? reader.read(UInt64.self)).flatMap { Int(exactly: $0) }
    }

    private static func number(_ value: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// The run of both around the middle of the base.
    private static func run(
        in part: UnsafeRawBufferPointer,
        of base: UnsafeRawBufferPointer
    ) -> (start: Int, base: Int, count: Int)? {
        let middle = base.count / 2
        guard let found = place(in: part, of: base, at: middle) else { return nil }
        var (left, right) = (found, middle)
        while left > 0, right > 0, part[left - 1] == base[right - 1] { (left, right) = (left - 1, right - 1) }
        var count = found - left + anchor
        while left + count < part.count, right + count < base.count, part[left + count] == base[right + count]
        {
            count += 1
        }
        return (left, right, count)
    }

    /// Where the anchor at an offset of the base stands in the part: there or, if older bytes are gone, before.
    private static func place(
        in part: UnsafeRawBufferPointer,
        of base: UnsafeRawBufferPointer,
        at middle: Int
    ) -> Int? {
        let wanted = base.loadUnaligned(fromByteOffset: middle, as: UInt64.self)
        let last = min(middle, part.count - anchor)
        for start in stride(from: last, through: 0, by: -1)
        where part.loadUnaligned(fromByteOffset: start, as: UInt64.self) == wanted {
            let isThere = (8..<anchor).allSatisfy { part[start + $0] == base[middle + $0] }
            if isThere { return start }
        }
        return nil
    }
}
