import Foundation
import Testing

/// Python with pyarrow, DuckDB and polars, if `ATELIER_PYTHON` names one.
enum PythonOracle {
    static let path = ProcessInfo.processInfo.environment["ATELIER_PYTHON"]
    static var isPresent: Bool { path != nil }

    /// Where the scripts beside the tests are.
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().path()

    /// Runs a script; its standard output, or a recorded issue with its errors.
    static func run(_ script: String, _ arguments: [String] = []) throws -> String {
        try run(arguments: ["-c", script] + arguments)
    }

    /// Runs a script file.
    static func run(file: String, _ arguments: [String] = []) throws -> String {
        try run(arguments: [file] + arguments)
    }

    private static func run(arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: path ?? "/usr/bin/false")
        process.arguments = arguments
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // All output first, then errors: neither is long enough here to fill a pipe.
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        let complaint = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        if process.terminationStatus != 0 {
            Issue.record("python failed: \(String(decoding: complaint, as: UTF8.self))")
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// A folder that is removed when the test ends.
final class ScratchFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "parquet-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }
}
