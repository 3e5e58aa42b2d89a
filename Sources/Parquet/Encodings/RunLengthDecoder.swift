/// Reads runs and bit-packed groups, a few values at a time.
///
/// Source: the Parquet format's document "Encodings", RLE / bit-packing hybrid.
struct RunLengthDecoder {
    private let bytes: PageBytes
    private let width: Int
    private var position = 0
    private var repeatedValue: UInt32 = 0
    private var repeatedLeft = 0
    private var packedLeft = 0
    /// Bit offset of the next packed value from the start of ``bytes``.
    private var packedBit = 0

    /// Reads values of `width` bits, 0 to 32.
    init(_ bytes: PageBytes, width: Int) {
        self.bytes = bytes
        self.width = width
    }

    /// Consumes the next `count` values if they are all equal; returns their value.
    mutating func readUniform(_ count: Int) throws(DecodingFault) -> UInt32? {
        if repeatedLeft == 0, packedLeft == 0 { try nextRun() }
        guard repeatedLeft >= count else { return nil }
        repeatedLeft -= count
        return repeatedValue
    }

    /// Reads `count` values; `target` has room for them.
    mutating func read<Value: FixedWidthInteger & UnsignedInteger>(
        into target: UnsafeMutablePointer<Value>,
        count: Int
    ) throws(DecodingFault) {
        var done = 0
        while done < count {
            if repeatedLeft > 0 {
                let step = min(repeatedLeft, count - done)
                (target + done).update(repeating: Value(truncatingIfNeeded: repeatedValue), count: step)
                repeatedLeft -= step
                done += step
            } else if packedLeft > 0 {
                let step = min(packedLeft, count - done)
                unpack(into: target + done, count: step)
                packedLeft -= step
                done += step
            } else {
                try nextRun()
            }
        }
    }

    private mutating func unpack<Value: FixedWidthInteger & UnsignedInteger>(
        into target: UnsafeMutablePointer<Value>,
        count: Int
    ) {
        let mask: UInt64 = (1 << UInt64(width)) - 1
        var bit = packedBit
        for index in 0..<count {
            // Safe: the run was limited to the existing bytes, and a word may extend into the slack.
            let word = UInt64(littleEndian: bytes.load(bit >> 3, as: UInt64.self))
            target[index] = Value(truncatingIfNeeded: (word &>> UInt64(bit & 7)) & mask)
            bit += width
        }
        packedBit = bit
    }

    private mutating func nextRun() throws(DecodingFault) {
        // A group occupies all its bytes even if its last values are unused.
        repeat {
            let header = try bytes.varint(&position)
            guard header <= UInt64(UInt32.max) else { throw DecodingFault("a run of \(header >> 1) values") }
            if header & 1 == 1 {
                try beginPacked(groups: Int(header >> 1))
            } else {
                try beginRepeated(count: Int(header >> 1))
            }
        } while repeatedLeft == 0 && packedLeft == 0
    }

    private mutating func beginPacked(groups: Int) throws(DecodingFault) {
        packedBit = position * 8
        let wanted = groups * width
        let available = min(wanted, bytes.count - position)
        position += available
        // The last group may be stored without its padding.
        packedLeft = width == 0 ? groups * 8 : min(groups * 8, available * 8 / width)
        if groups > 0, packedLeft == 0 { throw DecodingFault("the page ends within packed values") }
    }

    private mutating func beginRepeated(count: Int) throws(DecodingFault) {
        let size = (width + 7) / 8
        guard size <= bytes.count - position else { throw DecodingFault("the page ends within a run") }
        repeatedValue = 0
        for index in 0..<size {
            repeatedValue |= UInt32(bytes.load(position + index, as: UInt8.self)) << UInt32(index * 8)
        }
        // A value beyond its width would be read as several levels present, or as an index of another
        // width.
        guard width == 32 || repeatedValue >> UInt32(width) == 0 else {
            throw DecodingFault("a run of \(repeatedValue), which \(width) bits do not hold")
        }
        position += size
        repeatedLeft = count
    }
}
