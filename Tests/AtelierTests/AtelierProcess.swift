import Foundation
import Testing

/// One run of the built command.
struct AtelierProcess {
    let code: Int32
    let output: String
    let errors: String

    /// The command beside the test bundle.
    static let binary: String = {
        if let named = ProcessInfo.processInfo.environment["ATELIER"] { return named }
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: own).deletingLastPathComponent().appending(path: "atelier").path()
    }()

    /// The package's folder.
    static let package = URL(filePath: #filePath).appending(path: "../../..").standardized.path()

    /// Runs `atelier` with arguments; `shell` wraps the command (`$0` is the binary, `$@` the arguments).
    @discardableResult
    init(_ arguments: [String], shell: String = "exec \"$0\" \"$@\"", in folder: Scratch) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", shell, AtelierProcess.binary] + arguments
        process.currentDirectoryURL = URL(filePath: folder.path)
        let name = UUID().uuidString
        let (outPath, errorPath) = (folder.file(".\(name).out"), folder.file(".\(name).err"))
        for path in [outPath, errorPath] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        let (out, error) = (FileHandle(forWritingAtPath: outPath), FileHandle(forWritingAtPath: errorPath))
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = out
        process.standardError = error
        try process.run()
        process.waitUntilExit()
        code = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        output = try String(decoding: Data(contentsOf: URL(filePath: outPath)), as: UTF8.self)
        errors = try String(decoding: Data(contentsOf: URL(filePath: errorPath)), as: UTF8.self)
        try FileManager.default.removeItem(atPath: outPath)
        try FileManager.default.removeItem(atPath: errorPath)
    }

    /// Standard output as one JSON object.
    var json: [String: Any] {
        get throws {
            let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
            return try #require(value as? [String: Any])
        }
    }

    /// Standard output as JSON objects, one a line.
    var lines: [[String: Any]] {
        get throws {
            try output.split(separator: "\n").map { line in
                let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
                return try #require(value as? [String: Any])
            }
        }
    }
}

/// A folder that is removed when the test ends.
final class Scratch {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "atelier-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    /// The contents of a folder of it, at any depth, sorted.
    func contents(of folder: String) -> [String] {
        let walk = FileManager.default.enumerator(atPath: file(folder))
        return (walk?.compactMap { $0 as? String } ?? []).sorted()
    }

    /// A sample recording of the project, imported.
    func recording(
        _ sample: String,
        compression: String = "zstd",
        as name: String? = nil
    ) throws -> String {
        let path = file(name ?? "\(sample).mcap")
        let exchange = String(sample.prefix { $0 != "-" })
        let input = "\(AtelierProcess.package)/Recordings/\(sample).jsonl.gz"
        let arguments = [input, "--out", path, "--exchange", exchange, "--compression", compression]
        let run = try AtelierProcess(["import"] + arguments, in: self)
        #expect(run.code == 0, "\(run.errors)")
        return path
    }

    /// A recording of JSON lines.
    func recording(of lines: [String], exchange: String, market: String) throws -> String {
        let input = file("\(UUID().uuidString).jsonl")
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: input))
        let path = input + ".mcap"
        let arguments = [input, "--out", path, "--exchange", exchange, "--market", market]
        let run = try AtelierProcess(["import"] + arguments, in: self)
        #expect(run.code == 0, "\(run.errors)")
        return path
    }
}

/// JSON lines of frames, as `import` reads them.
enum FrameLines {
    /// One line: a frame and when it arrived.
    static func line(_ time: Int, _ frame: String, connection: String = "ws") throws -> String {
        let object: [String: Any] = ["recv_ns": time, "conn": connection, "frame": frame]
        return String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }

    /// A line as it would have come later.
    static func later(_ line: String, by nanoseconds: Int) throws -> String {
        let digits = try digits(of: line)
        let moved = try #require(Int(digits)) + nanoseconds
        return "\(line[..<digits.startIndex])\(moved)\(line[digits.endIndex...])"
    }

    /// When a line's frame arrived.
    static func time(of line: String) throws -> Int {
        try #require(Int(try digits(of: line)))
    }

    private static func digits(of line: String) throws -> Substring {
        let start = try #require(line.firstRange(of: #""recv_ns":"#)).upperBound
        return line[start...].drop { $0 == " " }.prefix { $0.isNumber }
    }

    /// Lines whose frames arrive 10 ms apart from 1,000,000 s on.
    static func lines(_ frames: [String]) throws -> [String] {
        try frames.enumerated().map { index, frame in
            try line(1_000_000_000_000_000 + index * 10_000_000, frame)
        }
    }

    /// A Bybit book message.
    static func bybitBook(_ type: String, u: Int, bids: String, asks: String, ts: Int) -> String {
        #"{"topic":"orderbook.50.BTCUSDT","type":"\#(type)","ts":\#(ts),"cts":\#(ts),"#
            + #""data":{"s":"BTCUSDT","b":\#(bids),"a":\#(asks),"u":\#(u),"seq":\#(u)}}"#
    }

    /// A Bybit trade.
    static func bybitTrade(price: String, size: String, id: String, ts: Int) -> String {
        #"{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":\#(ts),"data":["#
            + #"{"T":\#(ts),"s":"BTCUSDT","S":"Buy","v":"\#(size)","p":"\#(price)","i":"\#(id)"}]}"#
    }
}
