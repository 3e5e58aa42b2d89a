import Foundation
import Tensors
import Testing

@Suite
struct TensorTests {
    private let folder = FileManager.default.temporaryDirectory.appending(
        path: "tensors-\(UUID().uuidString)"
    )

    private func path(_ name: String) throws -> String {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.appending(path: name).path()
    }

    private func python(_ script: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: ProcessInfo.processInfo.environment["ATELIER_PYTHON"] ?? "")
        process.arguments = ["-c", script] + arguments
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        let complaint = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        if process.terminationStatus != 0 { Issue.record("\(String(decoding: complaint, as: UTF8.self))") }
        return String(decoding: text, as: UTF8.self)
    }

    private static let isPresent = ProcessInfo.processInfo.environment["ATELIER_PYTHON"] != nil

    @Test
    func aNumpyHeaderIsAMultipleOf64() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        for shape in [[], [0], [7], [3, 5], [1_000_000_000, 32, 100]] {
            let name = try path("h\(shape.count)-\(shape.first ?? 0).npy")
            let size = shape.reduce(1, *)
            let file = try NumpyFile(path: name, shape: shape, type: .uint8)
            let mismatch = TensorError.sizeMismatch(path: name, written: 1, expected: UInt64(size))
            try file.write([UInt8(1)].span.bytes)
            if size == 1 {
                try file.finish()
                #expect(try Data(contentsOf: URL(filePath: name)).count % 64 == 1)
            } else {
                #expect(throws: mismatch) { try file.finish() }
                #expect(!FileManager.default.fileExists(atPath: name))
            }
        }
    }

    @Test
    func aShapeThatFitsNoFileIsRefused() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let name = try path("x.npy")
        #expect(throws: TensorError.shape([-1])) { try NumpyFile(path: name, shape: [-1], type: .int64) }
        #expect(throws: TensorError.shape([.max, 2])) {
            try NumpyFile(path: name, shape: [.max, 2], type: .int64)
        }
        #expect(throws: TensorError.name("a")) {
            try SafetensorsFile(path: name, tensors: [.init("a", .uint8, [1]), .init("a", .uint8, [1])])
        }
    }

    @Test(.enabled(if: TensorTests.isPresent, "ATELIER_PYTHON is not set"))
    func numpyMapsWhatIsWritten() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let name = try path("a.npy")
        let file = try NumpyFile(path: name, shape: [3, 2], type: .float32)
        for row in 0..<3 { try file.write([Float(row), -Float(row) / 4].span.bytes) }
        try file.finish()
        let found = try python(
            """
            import sys, numpy as np
            a = np.load(sys.argv[1], mmap_mode="r")
            assert a.offset % 64 == 0 and a.flags.c_contiguous, a.offset
            print(a.dtype.str, a.tolist())
            """,
            [name]
        )
        #expect(found == "<f4 [[0.0, -0.0], [1.0, -0.25], [2.0, -0.5]]\n")
    }

    @Test(.enabled(if: TensorTests.isPresent, "ATELIER_PYTHON is not set"))
    func theOfficialLibraryReadsSafetensors() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let name = try path("a.safetensors")
        let tensors: [SafetensorsFile.Tensor] = [
            .init("mask", .uint8, [3]), .init("times", .int64, [2]), .init("none", .float64, [0, 4]),
            .init("x", .float32, [1, 1]), .init("i", .int32, [1]), .init("d", .float64, [1]),
        ]
        #expect(throws: TensorError.unaligned("times", offset: 3)) {
            try SafetensorsFile(path: name, tensors: tensors)
        }
        let aligned = SafetensorsFile.aligned(tensors)
        #expect(aligned.map(\.name) == ["times", "none", "d", "x", "i", "mask"])
        let file = try SafetensorsFile(path: name, tensors: aligned, metadata: [("names", "a\"b")])
        try file.write([Int64(1_786_310_882_000_000_001), -5].span.bytes)
        try file.write([0.1].span.bytes)
        try file.write([Float(0.5)].span.bytes)
        try file.write([Int32(-7)].span.bytes)
        try file.write([UInt8(1), 0, 1].span.bytes)
        try file.finish()
        let found = try python(
            """
            import sys
            from safetensors import safe_open
            with safe_open(sys.argv[1], "np") as f:
                print(f.metadata(), [(k, f.get_tensor(k).tolist()) for k in sorted(f.keys())])
            """,
            [name]
        )
        let expected =
            "{'names': 'a\"b'} [('d', [0.1]), ('i', [-7]), ('mask', [1, 0, 1]), ('none', []), "
            + "('times', [1786310882000000001, -5]), ('x', [[0.5]])]\n"
        #expect(found == expected)
    }
}
