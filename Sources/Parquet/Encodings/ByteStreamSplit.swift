import ByteCoding

/// BYTE_STREAM_SPLIT: the first bytes of all values, then all second bytes, and so on.
///
/// Source: the Parquet format's document "Encodings".
enum ByteStreamSplit {
    /// Appends the bytes of values of `width` bytes, split.
    static func append(_ source: UnsafeRawBufferPointer, width: Int, to output: inout GrowableBytes) {
        let count = source.count / width
        guard count > 0 else { return }
        output.append(upTo: count * width) { room in
            guard let from = source.baseAddress, let to = room.baseAddress else { return 0 }
            let done =
                switch width {
                case 8: split8(from, count, into: to)
                case 4: split4(from, count, into: to)
                default: 0
                }
            for stream in 0..<width {
                for index in done..<count {
                    to.storeBytes(
                        of: from.load(fromByteOffset: index * width + stream, as: UInt8.self),
                        toByteOffset: stream * count + index,
                        as: UInt8.self
                    )
                }
            }
            return count * width
        }
    }

    /// Joins the values of a range again; `target` has room for `range.count` times `width` bytes.
    ///
    /// Precondition: `bytes` has `total` values of `width` bytes and the range is within them.
    static func join(
        _ bytes: PageBytes,
        total: Int,
        width: Int,
        _ range: Range<Int>,
        into target: UnsafeMutableRawPointer
    ) {
        let from = bytes.start + range.lowerBound
        let done =
            switch width {
            case 8: join8(from, stride: total, range.count, into: target)
            case 4: join4(from, stride: total, range.count, into: target)
            default: 0
            }
        for stream in 0..<width {
            for index in done..<range.count {
                target.storeBytes(
                    of: from.load(fromByteOffset: stream * total + index, as: UInt8.self),
                    toByteOffset: index * width + stream,
                    as: UInt8.self
                )
            }
        }
    }
}

/// Sixteen values at a time.
///
/// Two blocks of eight (or four) values are side by side in vectors of words. Swapping halves, quarters,
/// then bytes between pairs of words transposes each block; it is its own inverse. Interleaving instead
/// compiles to slower code.
extension ByteStreamSplit {
    private struct Words8 {
        typealias Pair = SIMD2<UInt64>
        var a, b, c, d, e, f, g, h: Pair

        @inline(__always)
        mutating func transpose() {
            Self.swap(&a, &e, 32, 0x0000_0000_FFFF_FFFF)
            Self.swap(&b, &f, 32, 0x0000_0000_FFFF_FFFF)
            Self.swap(&c, &g, 32, 0x0000_0000_FFFF_FFFF)
            Self.swap(&d, &h, 32, 0x0000_0000_FFFF_FFFF)
            Self.swap(&a, &c, 16, 0x0000_FFFF_0000_FFFF)
            Self.swap(&b, &d, 16, 0x0000_FFFF_0000_FFFF)
            Self.swap(&e, &g, 16, 0x0000_FFFF_0000_FFFF)
            Self.swap(&f, &h, 16, 0x0000_FFFF_0000_FFFF)
            Self.swap(&a, &b, 8, 0x00FF_00FF_00FF_00FF)
            Self.swap(&c, &d, 8, 0x00FF_00FF_00FF_00FF)
            Self.swap(&e, &f, 8, 0x00FF_00FF_00FF_00FF)
            Self.swap(&g, &h, 8, 0x00FF_00FF_00FF_00FF)
        }

        @inline(__always)
        private static func swap(_ low: inout Pair, _ high: inout Pair, _ shift: UInt64, _ mask: UInt64) {
            let moved = ((low &>> Pair(repeating: shift)) ^ high) & Pair(repeating: mask)
            high ^= moved
            low ^= moved &<< Pair(repeating: shift)
        }
    }

    private struct Words4 {
        typealias Quad = SIMD4<UInt32>
        var a, b, c, d: Quad

        @inline(__always)
        mutating func transpose() {
            Self.swap(&a, &c, 16, 0x0000_FFFF)
            Self.swap(&b, &d, 16, 0x0000_FFFF)
            Self.swap(&a, &b, 8, 0x00FF_00FF)
            Self.swap(&c, &d, 8, 0x00FF_00FF)
        }

        @inline(__always)
        private static func swap(_ low: inout Quad, _ high: inout Quad, _ shift: UInt32, _ mask: UInt32) {
            let moved = ((low &>> Quad(repeating: shift)) ^ high) & Quad(repeating: mask)
            high ^= moved
            low ^= moved &<< Quad(repeating: shift)
        }
    }

    /// Splits whole groups of sixteen; returns how many values that were.
    private static func split8(
        _ from: UnsafeRawPointer,
        _ count: Int,
        into to: UnsafeMutableRawPointer
    ) -> Int {
        let whole = count & ~15
        var index = 0
        while index < whole {
            // Safe: sixteen values from `index` on are within `count`, and so are their sixteen bytes per
            // stream.
            let source = from + index * 8
            var block = Words8(
                a: source.loadUnaligned(as: SIMD2<UInt64>.self),
                b: source.loadUnaligned(fromByteOffset: 16, as: SIMD2<UInt64>.self),
                c: source.loadUnaligned(fromByteOffset: 32, as: SIMD2<UInt64>.self),
                d: source.loadUnaligned(fromByteOffset: 48, as: SIMD2<UInt64>.self),
                e: source.loadUnaligned(fromByteOffset: 64, as: SIMD2<UInt64>.self),
                f: source.loadUnaligned(fromByteOffset: 80, as: SIMD2<UInt64>.self),
                g: source.loadUnaligned(fromByteOffset: 96, as: SIMD2<UInt64>.self),
                h: source.loadUnaligned(fromByteOffset: 112, as: SIMD2<UInt64>.self)
            )
            block.transpose()
            let target = to + index
            target.storeBytes(of: interleaved(block.a), as: SIMD16<UInt8>.self)
            target.storeBytes(of: interleaved(block.b), toByteOffset: count, as: SIMD16<UInt8>.self)
            target.storeBytes(of: interleaved(block.c), toByteOffset: 2 * count, as: SIMD16<UInt8>.self)
            target.storeBytes(of: interleaved(block.d), toByteOffset: 3 * count, as: SIMD16<UInt8>.self)
            target.storeBytes(of: interleaved(block.e), toByteOffset: 4 * count, as: SIMD16<UInt8>.self)
            target.storeBytes(of: interleaved(block.f), toByteOffset: 5 * count, as: SIMD16<UInt8>.self)
            target.storeBytes(of: interleaved(block.g), toByteOffset: 6 * count, as: SIMD16<UInt8>.self)
            target.storeBytes(of: interleaved(block.h), toByteOffset: 7 * count, as: SIMD16<UInt8>.self)
            index += 16
        }
        return whole
    }

    private static func join8(
        _ from: UnsafeRawPointer,
        stride: Int,
        _ count: Int,
        into to: UnsafeMutableRawPointer
    ) -> Int {
        let whole = count & ~15
        var index = 0
        while index < whole {
            // Safe: as in `split8`, the other way round.
            let source = from + index
            var block = Words8(
                a: source.loadUnaligned(as: SIMD2<UInt64>.self),
                b: source.loadUnaligned(fromByteOffset: stride, as: SIMD2<UInt64>.self),
                c: source.loadUnaligned(fromByteOffset: 2 * stride, as: SIMD2<UInt64>.self),
                d: source.loadUnaligned(fromByteOffset: 3 * stride, as: SIMD2<UInt64>.self),
                e: source.loadUnaligned(fromByteOffset: 4 * stride, as: SIMD2<UInt64>.self),
                f: source.loadUnaligned(fromByteOffset: 5 * stride, as: SIMD2<UInt64>.self),
                g: source.loadUnaligned(fromByteOffset: 6 * stride, as: SIMD2<UInt64>.self),
                h: source.loadUnaligned(fromByteOffset: 7 * stride, as: SIMD2<UInt64>.self)
            )
            block.transpose()
            let target = to + index * 8
            unzip(block.a, block.b, target, 0, 64)
            unzip(block.c, block.d, target, 16, 80)
            unzip(block.e, block.f, target, 32, 96)
            unzip(block.g, block.h, target, 48, 112)
            index += 16
        }
        return whole
    }

    /// Interleaves the bytes of the even values, in the first word, with those of the odd ones.
    @inline(__always)
    private static func interleaved(_ words: SIMD2<UInt64>) -> SIMD16<UInt8> {
        let bytes = unsafeBitCast(words, to: SIMD16<UInt8>.self)
        var result = SIMD16<UInt8>()
        result.evenHalf = bytes.lowHalf
        result.oddHalf = bytes.highHalf
        return result
    }

    @inline(__always)
    private static func unzip(
        _ low: SIMD2<UInt64>,
        _ high: SIMD2<UInt64>,
        _ target: UnsafeMutableRawPointer,
        _ first: Int,
        _ second: Int
    ) {
        target.storeBytes(of: SIMD2(low[0], high[0]), toByteOffset: first, as: SIMD2<UInt64>.self)
        target.storeBytes(of: SIMD2(low[1], high[1]), toByteOffset: second, as: SIMD2<UInt64>.self)
    }

    private static func split4(
        _ from: UnsafeRawPointer,
        _ count: Int,
        into to: UnsafeMutableRawPointer
    ) -> Int {
        let whole = count & ~15
        var index = 0
        while index < whole {
            let source = from + index * 4
            var block = Words4(
                a: quad(source, 0),
                b: quad(source, 4),
                c: quad(source, 8),
                d: quad(source, 12)
            )
            block.transpose()
            let target = to + index
            target.storeBytes(of: block.a, as: SIMD4<UInt32>.self)
            target.storeBytes(of: block.b, toByteOffset: count, as: SIMD4<UInt32>.self)
            target.storeBytes(of: block.c, toByteOffset: 2 * count, as: SIMD4<UInt32>.self)
            target.storeBytes(of: block.d, toByteOffset: 3 * count, as: SIMD4<UInt32>.self)
            index += 16
        }
        return whole
    }

    private static func join4(
        _ from: UnsafeRawPointer,
        stride: Int,
        _ count: Int,
        into to: UnsafeMutableRawPointer
    ) -> Int {
        let whole = count & ~15
        var index = 0
        while index < whole {
            let source = from + index
            var block = Words4(
                a: source.loadUnaligned(as: SIMD4<UInt32>.self),
                b: source.loadUnaligned(fromByteOffset: stride, as: SIMD4<UInt32>.self),
                c: source.loadUnaligned(fromByteOffset: 2 * stride, as: SIMD4<UInt32>.self),
                d: source.loadUnaligned(fromByteOffset: 3 * stride, as: SIMD4<UInt32>.self)
            )
            block.transpose()
            let target = to + index * 4
            for lane in 0..<4 {
                target.storeBytes(of: block.a[lane], toByteOffset: lane * 16, as: UInt32.self)
                target.storeBytes(of: block.b[lane], toByteOffset: lane * 16 + 4, as: UInt32.self)
                target.storeBytes(of: block.c[lane], toByteOffset: lane * 16 + 8, as: UInt32.self)
                target.storeBytes(of: block.d[lane], toByteOffset: lane * 16 + 12, as: UInt32.self)
            }
            index += 16
        }
        return whole
    }

    @inline(__always)
    private static func quad(_ source: UnsafeRawPointer, _ offset: Int) -> SIMD4<UInt32> {
        SIMD4(
            source.loadUnaligned(fromByteOffset: offset, as: UInt32.self),
            source.loadUnaligned(fromByteOffset: offset + 16, as: UInt32.self),
            source.loadUnaligned(fromByteOffset: offset + 32, as: UInt32.self),
            source.loadUnaligned(fromByteOffset: offset + 48, as: UInt32.self)
        )
    }
}
