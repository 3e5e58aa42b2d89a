import ByteCoding
import Testing

@Suite struct ByteReaderTests {
    @Test func `integers are little-endian`() throws {
        let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0xff]
        var reader = ByteReader(bytes.span.bytes)
        #expect(try reader.read(UInt16.self) == 0x0201)
        #expect(try reader.read(UInt32.self) == 0x0605_0403)
        #expect(try reader.read(UInt64.self) == 0x0e0d_0c0b_0a09_0807)
        #expect(try reader.read(Int8.self) == -1)
        #expect(reader.remaining == 0)
    }

    @Test func `a read past the end names the byte and leaves the position`() throws {
        let bytes: [UInt8] = [1, 2, 3]
        var reader = ByteReader(bytes.span.bytes)
        try reader.skip(1)
        let error = ByteCodingError.truncated(offset: 1, needed: 4, available: 2)
        var thrown: ByteCodingError?
        do { _ = try reader.read(UInt32.self) } catch { thrown = error }
        #expect(thrown == error)
        #expect(reader.position == 1)
        #expect(error.description == "byte 1: 4 bytes needed, 2 left")
    }

    @Test func `a negative or huge count is refused`() {
        let bytes: [UInt8] = [1]
        let reader = ByteReader(bytes.span.bytes)
        for count in [-1, Int.min, Int.max, 2] {
            var refused = false
            do { try reader.require(count) } catch { refused = true }
            #expect(refused)
        }
    }

    @Test(arguments: [0, 1, 127, 128, 300, 16_383, 16_384, UInt64(UInt32.max), UInt64.max - 1, UInt64.max])
    func `varints come back`(value: UInt64) throws {
        var buffer = GrowableBytes()
        buffer.append(varint: value)
        buffer.append(zigzag: Int64(bitPattern: value))
        var reader = ByteReader(buffer.bytes)
        #expect(try reader.readVarint() == value)
        #expect(try reader.readZigzag() == Int64(bitPattern: value))
        #expect(reader.remaining == 0)
    }

    @Test func `varint bytes are those of LEB128`() {
        var buffer = GrowableBytes()
        buffer.append(varint: 624_485)
        buffer.append(zigzag: -1)
        buffer.append(zigzag: 1)
        buffer.append(zigzag: -64)
        #expect(bytes(buffer) == [0xe5, 0x8e, 0x26, 1, 2, 0x7f])
    }

    @Test func `a varint beyond 64 bits is refused`() {
        for bytes in [[UInt8](repeating: 0xff, count: 11), [UInt8](repeating: 0x80, count: 9) + [2]] {
            var reader = ByteReader(bytes.span.bytes)
            var thrown: ByteCodingError?
            do { _ = try reader.readVarint() } catch { thrown = error }
            #expect(thrown == .varintTooLong(offset: 0))
        }
    }

    @Test func `a buffer keeps what it holds while it grows`() {
        var buffer = GrowableBytes()
        for index in 0..<10_000 { buffer.append(UInt32(index)) }
        buffer.overwrite(UInt32(7), at: 4)
        #expect(buffer.count == 40_000)
        buffer.removeFirst(4)
        var reader = ByteReader(buffer.bytes)
        #expect((try? reader.read(UInt32.self)) == 7)
        for index in 2..<10_000 { #expect((try? reader.read(UInt32.self)) == UInt32(index)) }
    }
}

func bytes(_ buffer: borrowing GrowableBytes) -> [UInt8] {
    buffer.bytes.withUnsafeBytes { Array($0) }
}
