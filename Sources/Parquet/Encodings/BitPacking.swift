import ByteCoding

/// Integers of a few bits each, first value in the lowest bits.
///
/// Source: the Parquet format's document "Encodings", bit-packed runs and DELTA_BINARY_PACKED.
enum BitPacking {
    /// The bits that the largest of some values needs.
    static func width(of value: UInt64) -> Int { 64 - value.leadingZeroBitCount }

    /// The bytes that `count` values of `width` bits take.
    static func byteCount(_ count: Int, width: Int) -> Int { (count * width + 7) / 8 }

    /// Appends values of at most 32 bits; the last byte is filled with zeros.
    static func append<Value: FixedWidthInteger & UnsignedInteger>(
        _ values: UnsafeBufferPointer<Value>,
        width: Int,
        to output: inout GrowableBytes
    ) {
        let size = byteCount(values.count, width: width)
        output.append(upTo: size + 8) { room in
            guard let base = room.baseAddress else { return 0 }
            var target = base
            var pending: UInt64 = 0
            var bits: UInt64 = 0
            for value in values {
                pending |= UInt64(truncatingIfNeeded: value) << bits
                bits += UInt64(width)
                if bits >= 32 {
                    target.storeBytes(of: UInt32(truncatingIfNeeded: pending).littleEndian, as: UInt32.self)
                    target += 4
                    pending >>= 32
                    bits -= 32
                }
            }
            // Safe: fewer than 32 bits are left, and eight bytes more than needed were reserved.
            target.storeBytes(of: UInt32(truncatingIfNeeded: pending).littleEndian, as: UInt32.self)
            return size
        }
    }

    /// Appends values of up to 64 bits; `values.count` times `width` is a multiple of 8.
    static func appendWide(
        _ values: UnsafeBufferPointer<UInt64>,
        width: Int,
        to output: inout GrowableBytes
    ) {
        let size = byteCount(values.count, width: width)
        output.append(upTo: size + 8) { room in
            guard let base = room.baseAddress else { return 0 }
            var target = base
            var pending: UInt64 = 0
            var bits: UInt64 = 0
            let step = UInt64(width)
            for value in values {
                pending |= value &<< bits
                if bits + step >= 64 {
                    target.storeBytes(of: pending.littleEndian, as: UInt64.self)
                    target += 8
                    // A shift by 64 gives 0, which is right if nothing is left over.
                    pending = value >> (64 - bits)
                    bits = bits + step - 64
                } else {
                    bits += step
                }
            }
            target.storeBytes(of: pending.littleEndian, as: UInt64.self)
            return size
        }
    }
}
