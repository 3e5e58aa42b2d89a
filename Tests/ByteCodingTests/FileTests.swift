import ByteCoding
import Foundation
import Testing

@Suite struct FileTests {
    private func temporary(_ name: String) -> String {
        FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString)-\(name)").path()
    }

    private func lines(_ data: [UInt8], limit: Int = 1 << 20) throws -> [String] {
        let reader = LineReader(try ByteInput(bytes: data.span.bytes, expansion: .automatic), limit: limit)
        var lines: [String] = []
        while try reader.advance() {
            let line = reader.line.withUnsafeBytes { Array($0) }
            lines.append(String(decoding: line, as: UTF8.self))
            #expect(reader.number == lines.count)
        }
        return lines
    }

    @Test func `what was written is read back`() throws {
        let path = temporary("a")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let output = try ByteOutput(path: path)
        let piece = (0..<1_000).map { UInt8(truncatingIfNeeded: $0) }
        for _ in 0..<1_000 { try output.write(piece.span.bytes) }
        #expect(output.position == 1_000_000)
        #expect(!FileManager.default.fileExists(atPath: path))
        try output.finish(replacing: false)
        #expect(!FileManager.default.fileExists(atPath: path + ".partial"))
        let file = try FileReader(path: path)
        #expect(file.size == 1_000_000)
        var buffer = GrowableBytes()
        try file.read(at: 999_000, count: 1_000, appendingTo: &buffer)
        #expect(bytes(buffer) == piece)
        #expect(throws: ByteCodingError.endOfFile(path: path, offset: 999_500, needed: 501, available: 500)) {
            var buffer = GrowableBytes()
            try file.read(at: 999_500, count: 501, appendingTo: &buffer)
        }
    }

    @Test func `an existing file is not replaced unless asked`() throws {
        let path = temporary("b")
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("old".utf8).write(to: URL(filePath: path))
        let output = try ByteOutput(path: path)
        try output.write("new")
        #expect(throws: ByteCodingError.system(operation: "create", path: path, code: EEXIST)) {
            try output.finish(replacing: false)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
        try output.finish(replacing: true)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    }

    @Test func `a discarded file leaves nothing`() throws {
        let path = temporary("c")
        let output = try ByteOutput(path: path)
        try output.write("x")
        try output.flush()
        output.discard()
        #expect(!FileManager.default.fileExists(atPath: path + ".partial"))
    }

    @Test func `cutting back drops what came after`() throws {
        let path = temporary("d")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let output = try ByteOutput(path: path)
        try output.write("0123456789")
        try output.flush()
        try output.write("abc")
        try output.truncate(to: 11)
        try output.write("Z")
        try output.truncate(to: 4)
        try output.write("!")
        try output.finish(replacing: false)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "0123!")
    }

    @Test func `a full disk is a typed error`() throws {
        let descriptor = open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let output = ByteOutput(descriptor: descriptor, name: "/dev/full")
        try output.write("x")
        #expect(throws: ByteCodingError.system(operation: "write", path: "/dev/full", code: ENOSPC)) {
            try output.flush()
        }
        let text = ByteCodingError.system(operation: "write", path: "/dev/full", code: ENOSPC).description
        #expect(text == "/dev/full: cannot write: No space left on device")
    }

    @Test func `missing files and folders are typed errors`() {
        #expect(throws: ByteCodingError.system(operation: "open", path: "/nowhere/x", code: ENOENT)) {
            try FileReader(path: "/nowhere/x")
        }
        #expect(throws: ByteCodingError.system(operation: "read", path: "/tmp", code: EISDIR)) {
            try ByteInput(path: "/tmp")
        }
    }

    @Test func `lines end at newlines, carriage returns aside`() throws {
        #expect(try lines(Array("a\nbb\r\n\nlast".utf8)) == ["a", "bb", "", "last"])
        #expect(try lines([]) == [])
        #expect(try lines(Array("\n".utf8)) == [""])
    }

    @Test(arguments: [AnyCodec.gzip, .zstd])
    func `compressed lines are expanded, members one after another`(codec: AnyCodec) throws {
        let text = (0..<100_000).map { "line \($0)" }
        let half = Array(text[..<50_000].joined(separator: "\n").utf8) + [0x0a]
        let rest = Array(text[50_000...].joined(separator: "\n").utf8)
        let packed = try codec.compress(half) + codec.compress(rest)
        #expect(packed.count < half.count)
        #expect(try lines(packed) == text)
    }

    @Test(arguments: [AnyCodec.gzip, .zstd])
    func `a cut stream gives its lines, then the error`(codec: AnyCodec) throws {
        let text = (0..<200_000).map { "line \($0 &* 7_919)\n" }.joined()
        let packed = try codec.compress(Array(text.utf8))
        let input = try ByteInput(
            bytes: packed.span.bytes.extracting(0..<packed.count / 2),
            expansion: .automatic
        )
        let reader = LineReader(input)
        var count = 0
        #expect(throws: ByteCodingError.self) {
            while try reader.advance() { count += 1 }
        }
        #expect(count > 1_000)
    }

    @Test func `a line without end within the limit is refused`() throws {
        let data = [UInt8](repeating: 0x61, count: 2 << 20)
        #expect(throws: ByteCodingError.lineTooLong(path: "memory", line: 1, limit: 1 << 20)) {
            try lines(data, limit: 1 << 20)
        }
    }

    @Test func `a window grows only as bytes arrive`() throws {
        let input = try ByteInput(bytes: [UInt8](repeating: 1, count: 10).span.bytes)
        #expect(try input.fill(Int.max / 4) == 10)
        input.consume(4)
        #expect(input.position == 4)
        #expect(try input.skip(100) == 6)
        #expect(input.position == 10)
    }
}
