import Foundation
import Glibc
import Testing

/// Terminals, pipes and texts that must not hinder recording.
@Suite(
    "Output that nobody takes, and texts of others",
    .enabled(if: Python.any != nil),
    .timeLimit(.minutes(20)),
    .serialized
)
struct StuckOutputTests {
    private let folder: Scratch

    init() throws { folder = try Scratch() }

    private func arguments(_ command: String, _ port: Int, _ more: [String] = []) -> [String] {
        [
            command, "--out", folder.file("log"), "--exchange", "bybit", "--symbols", "BTCUSDT", "--kinds",
            "trades", "--endpoint", "ws://127.0.0.1:\(port)/v5",
        ] + more
    }

    @Test("input that never comes does not keep a replay from its end", arguments: ["replay", "report"])
    func silentInput(command: String) throws {
        let flags = command == "replay" ? ["--clock", "external"] : ["--out", folder.file("page.html")]
        let run = try RunningProcess(AtelierProcess.binary, [command, "-"] + flags, in: folder)
        usleep(500_000)
        run.send(SIGTERM)
        let end = Date().addingTimeInterval(30)
        while run.isRunning, Date() < end { usleep(20_000) }
        #expect(!run.isRunning)
        run.send(SIGKILL)
    }

    @Test func `a pipe in a folder of recordings is no unfinished file`() throws {
        let log = folder.file("log")
        try FileManager.default.createDirectory(atPath: log, withIntermediateDirectories: true)
        mkfifo("\(log)/a.mcap.partial", 0o600)
        let run = try RunningProcess(AtelierProcess.binary, ["verify", log], in: folder)
        let end = Date().addingTimeInterval(30)
        while run.isRunning, Date() < end { usleep(20_000) }
        #expect(!run.isRunning)
        run.send(SIGKILL)
        #expect(run.errors.contains("no .mcap files"))
    }

    /// A full pipe without a reader, as long as its descriptor is open.
    private func fullPipe() throws -> FileHandle {
        let path = folder.file("pipe")
        mkfifo(path, 0o600)
        let pipe = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        while write(pipe, [UInt8](repeating: 0, count: 4096), 4096) > 0 {}
        return FileHandle(fileDescriptor: pipe, closeOnDealloc: true)
    }

    private func numbers() throws -> [Int] {
        var numbers: [Int] = []
        for name in folder.contents(of: "log") where name.hasSuffix(".mcap") {
            for line in try AtelierProcess(["cat", folder.file("log/\(name)"), "--json"], in: folder).lines {
                guard let frame = line["text"] as? String, let start = frame.range(of: "\"i\":\"") else {
                    continue
                }
                numbers += [Int(frame[start.upperBound...].prefix { $0 != "\"" })].compactMap(\.self)
            }
        }
        return numbers
    }

    @Test(
        "a pipe that nobody reads stops neither the log nor its end",
        arguments: [
            ("record", "2> pipe"), ("record", "> pipe 2>&1"), ("live", "> pipe 2>&1"), ("live", "2> pipe"),
        ]
    )
    func stuck(command: String, redirection: String) throws {
        let server = try HostileServer("flapping", ["--times", "5"], in: folder)
        let pipe = try fullPipe()
        defer { try? pipe.close() }
        let recorder = try RunningProcess(
            AtelierProcess.binary,
            arguments(command, server.port),
            shell: "exec \"$0\" \"$@\" \(redirection)",
            in: folder
        )
        let sent = try server.sent()
        let asked = Date()
        #expect(recorder.stop() == 0)
        #expect(Date().timeIntervalSince(asked) < 20)
        #expect(try numbers() == Array(1...sent))
        #expect(folder.contents(of: "log").filter { $0.hasSuffix(".partial") }.isEmpty)
    }

    @Test("a reader that is gone ends neither record nor live", arguments: ["record", "live"])
    func closed(command: String) throws {
        let server = try HostileServer("flapping", ["--times", "3"], in: folder)
        let recorder = try RunningProcess(
            AtelierProcess.binary,
            arguments(command, server.port),
            shell: "mkfifo gone; true < gone & exec \"$0\" \"$@\" > gone 2>&1",
            in: folder
        )
        let sent = try server.sent()
        #expect(recorder.stop() == 0)
        #expect(try numbers() == Array(1...sent))
    }

    @Test("a replay that waits for a reader is ended by Ctrl-C")
    func interrupted() throws {
        let made = folder.file("made.mcap")
        #expect(
            try AtelierProcess(
                ["simulate", "--out", made, "--venues", "bybit", "--duration", "5m", "--seed", "1"],
                in: folder
            ).code == 0
        )
        let pipe = try fullPipe()
        defer { try? pipe.close() }
        let replay = try RunningProcess(
            AtelierProcess.binary,
            ["replay", made, "--sinks", "terminal"],
            shell: "exec \"$0\" \"$@\" > pipe",
            in: folder
        )
        sleep(3)
        #expect(replay.isRunning)
        let asked = Date()
        #expect(replay.stop(SIGINT) == 1)
        #expect(Date().timeIntervalSince(asked) < 20)
    }

    // MARK: - Texts

    /// Terminal control bytes, except our line ends.
    private func harmful(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { scalar in
            scalar != "\n"
                && (scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value) || scalar == "\u{202e}")
        }
    }

    @Test(
        "refusals without end take a bounded number of lines, and nothing of the venue's steers the terminal"
    )
    func refusals() throws {
        let server = try HostileServer("refusals", in: folder)
        let recorder = try RunningProcess(AtelierProcess.binary, arguments("record", server.port), in: folder)
        // Every subscription is refused: nothing is left to record.
        #expect(recorder.wait() == 1)
        #expect(harmful(recorder.errors + recorder.output).isEmpty)
        let lines = recorder.errors.split(separator: "\n")
        #expect(lines.count < 80, "\(lines.count) lines")
        #expect(recorder.errors.contains(#"no \u{1b}[31mway\r\n\u{7}0\u{202e}"#))
        #expect(recorder.errors.contains("further ones are only counted"))
        #expect(lines.allSatisfy { !$0.hasPrefix("fine") })
    }

    @Test("words of the command line, files and manifests are shown escaped")
    func words() throws {
        let evil = "a\u{1b}[2J\nError: all is well\u{7}\u{202e}"
        try Data("[session]\n\"\(#"k\u001b[2J\n\u202e"#)\" = 1\n".utf8).write(
            to: URL(filePath: folder.file("evil.toml"))
        )
        let runs = [
            ["info", evil], ["cat", "/nowhere/\(evil)"], [evil], ["info", "--\(evil)"],
            ["replay", "x", "--period", evil],
            ["simulate", "--venues", evil, "--out", "x"], ["record", "--manifest", folder.file("evil.toml")],
            ["stats", evil], ["dataset", "build", evil, "--out", "x"],
            ["record", "--exchange=\(evil)", "--out", "x"],
            ["verify", evil], ["recover", evil, "--out", "x"], ["dataset", "describe", evil],
        ]
        for arguments in runs {
            let run = try AtelierProcess(arguments, in: folder)
            #expect(run.code != 0)
            #expect(harmful(run.errors + run.output).isEmpty, "\(arguments): \(run.errors)")
            #expect(
                !run.errors.split(separator: "\n").contains { $0.hasPrefix("Error: all is well") },
                "\(run.errors)"
            )
        }
    }

    @Test(
        "a manifest or plan that nests without end is refused",
        arguments: [
            Array(repeating: "a", count: 200_000).joined(separator: ".") + " = 1\n",
            "[" + Array(repeating: "a", count: 100_000).joined(separator: " . ") + "]\n",
            "x = " + String(repeating: "[", count: 100_000),
            "x = " + String(repeating: "{a=", count: 100_000),
            String(repeating: "k", count: 100_000) + " = 1\n",
            "'" + String(repeating: "k", count: 100_000) + "' = 1\n",
        ]
    )
    func deep(text: String) throws {
        let path = folder.file("deep.toml")
        try Data(text.utf8).write(to: URL(filePath: path))
        for arguments in [
            ["record", "--manifest", path],
            ["dataset", "build", "none.mcap", "--plan", path, "--out", folder.file("set")],
        ] {
            let run = try AtelierProcess(arguments, in: folder)
            #expect(run.code == 2, "\(arguments.prefix(2)): \(run.code) \(run.errors.prefix(500))")
            #expect(run.errors.contains("deep.toml:1:"), "\(run.errors.prefix(500))")
        }
    }
}
