import Foundation
import Glibc
import Testing

/// A process that runs beside the test; tests can wait for its lines and kill it.
final class RunningProcess {
    private let process = Process()
    private let input = Pipe()
    private let outPath: String
    private let errorPath: String

    init(_ binary: String, _ arguments: [String], shell: String? = nil, in folder: Scratch) throws {
        process.executableURL = URL(filePath: shell == nil ? binary : "/bin/sh")
        process.arguments = shell.map { ["-c", $0, binary] + arguments } ?? arguments
        process.currentDirectoryURL = URL(filePath: folder.path)
        let name = UUID().uuidString
        (outPath, errorPath) = (folder.file(".\(name).out"), folder.file(".\(name).err"))
        for path in [outPath, errorPath] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        process.standardInput = input
        process.standardOutput = FileHandle(forWritingAtPath: outPath)
        process.standardError = FileHandle(forWritingAtPath: errorPath)
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    private func text(_ path: String) -> String {
        String(decoding: (try? Data(contentsOf: URL(filePath: path))) ?? Data(), as: UTF8.self)
    }

    /// Its output so far.
    var output: String { text(outPath) }

    /// Its standard error so far.
    var errors: String { text(errorPath) }

    var isRunning: Bool { process.isRunning }

    /// Waits for a line of output for which `choose` returns a value.
    func first<Result>(seconds: Double = 60, _ choose: (String) -> Result?) throws -> Result {
        let end = Date().addingTimeInterval(seconds)
        while true {
            let running = isRunning
            let whole = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            for line in whole {
                if let result = choose(String(line)) { return result }
            }
            guard running, Date() < end else { break }
            usleep(20_000)
        }
        throw Timeout(output: output, errors: errors)
    }

    /// Waits for text on standard error.
    func waitForError(_ text: String, seconds: Double = 60) throws {
        let end = Date().addingTimeInterval(seconds)
        while !errors.contains(text) {
            guard isRunning, Date() < end else { break }
            usleep(20_000)
        }
        guard errors.contains(text) else { throw Timeout(output: output, errors: errors) }
    }

    /// Sends a signal and waits for the end; the exit code, or minus the signal that ended it.
    @discardableResult
    func stop(_ signal: Int32 = SIGTERM) -> Int32 {
        if process.isRunning { kill(process.processIdentifier, signal) }
        return wait()
    }

    /// Sends a signal.
    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for the end.
    @discardableResult
    func wait() -> Int32 {
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }

    struct Timeout: Error, CustomStringConvertible {
        let output: String
        let errors: String
        var description: String { "what was waited for did not come\noutput: \(output)\nerrors: \(errors)" }
    }
}

/// The Python named by `ATELIER_PYTHON`, or the system's for scripts without packages.
enum Python {
    static let withPackages = ProcessInfo.processInfo.environment["ATELIER_PYTHON"]

    static let any: String? =
        withPackages
        ?? ["/usr/bin/python3", "/usr/local/bin/python3"].first(
            where: FileManager.default.isExecutableFile(atPath:)
        )

    /// Whether the client library of the tests can be imported.
    static let hasClientLibrary: Bool = {
        guard let withPackages, let folder = try? Scratch() else { return false }
        return (try? RunningProcess(withPackages, ["-c", "import ccxt.pro"], in: folder))?.wait() == 0
    }()

    /// A script beside the tests.
    static func script(_ name: String) -> String { "\(AtelierProcess.package)/Tests/AtelierTests/\(name)" }
}

/// `hostile_server.py`: the first connection gets the mode, later ones are served correctly.
struct HostileServer {
    let process: RunningProcess
    let port: Int

    init(_ mode: String, _ options: [String] = [], in folder: Scratch) throws {
        let python = try #require(Python.any)
        process = try RunningProcess(
            python,
            [Python.script("hostile_server.py"), mode] + options,
            in: folder
        )
        port = try process.first { Self.number("port", in: $0) }
    }

    /// Waits until a client has read all frames; returns how many were sent.
    func sent() throws -> Int { try process.first { Self.number("sent", in: $0) } }

    private static func number(_ key: String, in line: String) -> Int? {
        let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        return object?[key] as? Int
    }
}
