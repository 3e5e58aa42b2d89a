import Foundation
import Glibc
import Testing

/// Failures while recording, over real sockets: the log stays intact and states what it lacks.
@Suite("Faults while recording", .enabled(if: Python.any != nil), .timeLimit(.minutes(20)), .serialized)
struct RecordFaultTests {
    private let folder: Scratch

    init() throws { folder = try Scratch() }

    private func arguments(_ port: Int, _ more: [String] = [], scheme: String = "ws") -> [String] {
        [
            "record", "--out", folder.file("log"), "--exchange", "bybit", "--symbols", "BTCUSDT", "--kinds",
            "trades", "--json", "--endpoint", "\(scheme)://127.0.0.1:\(port)/v5",
        ] + more
    }

    private func record(_ port: Int, _ more: [String] = [], scheme: String = "ws") throws -> RunningProcess {
        try RunningProcess(AtelierProcess.binary, arguments(port, more, scheme: scheme), in: folder)
    }

    /// The received frames of the log, in order.
    private func frames() throws -> [String] {
        var frames: [String] = []
        for name in folder.contents(of: "log") where name.hasSuffix(".mcap") || name.hasSuffix(".partial") {
            let path = folder.file("log/\(name)")
            let run = try AtelierProcess(["cat", path, "--json"], in: folder)
            for line in try run.lines where (line["topic"] as? String)?.hasSuffix("/in") == true {
                frames.append(line["text"] as? String ?? "base64:\(line["base64"] as? String ?? "")")
            }
        }
        return frames
    }

    /// The numbers of the trades in the log, in order.
    private func numbers() throws -> [Int] {
        try frames().compactMap { frame in
            guard let start = frame.range(of: "\"i\":\"") else { return nil }
            return Int(frame[start.upperBound...].prefix { $0 != "\"" })
        }
    }

    /// Records one mode until the server is done; returns the summary.
    private func play(_ mode: String, _ options: [String] = []) throws -> [String: Any] {
        let server = try HostileServer(mode, in: folder)
        let recorder = try record(server.port, options)
        let sent = try server.sent()
        let code = recorder.stop()
        #expect(code == 0, "\(recorder.errors)")
        #expect(try numbers() == Array(1...sent))
        let summary = try JSONSerialization.jsonObject(with: Data(recorder.output.utf8))
        return try #require(summary as? [String: Any])
    }

    private func connection(_ summary: [String: Any]) throws -> [String: Any] {
        try #require((summary["connections"] as? [[String: Any]])?.first)
    }

    private func gaps() throws -> [[String: Any]] {
        let text = try String(contentsOfFile: folder.file("log/gaps.jsonl"), encoding: .utf8)
        return try text.split(separator: "\n").map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    // MARK: - Frames

    @Test("frames in the same segment as the answer to the upgrade are logged")
    func early() throws { _ = try play("early") }

    @Test("frames of 5 MB are logged whole")
    func large() throws {
        let summary = try play("large")
        #expect(try #require(Int(summary["frame_bytes"] as? String ?? "")) > 20 * 5 << 20)
    }

    @Test("binary frames, invalid UTF-8, text that is no JSON and empty frames are logged as they came")
    func binary() throws {
        let summary = try play("binary")
        #expect(try connection(summary)["errors"] as? Int == 4, "\(summary)")
        let logged = try frames()
        let bytes = Data((0...255).map { UInt8($0) }).base64EncodedString()
        #expect(logged.contains("base64:\(bytes)"))
        #expect(logged.contains("not json at all"))
        #expect(logged.contains(""))
        let broken = Data(Array("{\"topic\":\"".utf8) + [0xff, 0xfe] + Array(" broken\"}".utf8))
        #expect(logged.contains("base64:\(broken.base64EncodedString())"))
    }

    // MARK: - Ends

    @Test(
        "a connection that breaks the protocol or ends is opened again",
        arguments: [
            ("garbage", "broke the WebSocket protocol"), ("endless", "more than 65536 fragments"),
            ("oversized", "larger than --max-frame"), ("closing", "closed by the server: maintenance"),
            ("cut", "ended without a close"), ("refusing", "503 Service Unavailable"),
            ("babbling", "does not speak HTTP"),
        ]
    )
    func ends(mode: String, reason: String) throws {
        let summary = try play(mode)
        let failure = try connection(summary)["last_failure"] as? String
        #expect(failure?.contains(reason) == true, "\(failure ?? "none")")
    }

    @Test("a frame above the limit ends its connection and says so")
    func limit() throws {
        let server = try HostileServer("large", in: folder)
        let recorder = try record(server.port, ["--max-frame", "1000000"])
        _ = try server.sent()
        recorder.stop()
        #expect(recorder.errors.contains("a message is larger than --max-frame, 1000000 bytes"))
    }

    @Test("a half-open socket is given up after the staleness timeout, and its gap noted")
    func stalled() throws {
        _ = try play("stalled", ["--staleness", "1s"])
        let gaps = try gaps()
        #expect(gaps.first?["cause"] as? String == "stalled")
        #expect(gaps.map { $0["event"] as? String } == ["opened", "closed"])
        #expect(gaps[0]["id"] as? String == gaps[1]["id"] as? String)
    }

    @Test("a server that takes the connection and never answers is given up")
    func silent() throws {
        let server = try HostileServer("silent", in: folder)
        let recorder = try record(server.port, ["--connect-timeout", "1s"])
        #expect(try server.sent() == 20)
        recorder.stop()
        #expect(recorder.errors.contains("the server does not open the WebSocket"))
    }

    // MARK: - Never connected

    @Test("an address that nobody listens at is shown, and the session ends with code 1")
    func refused() throws {
        let run = try AtelierProcess(arguments(1, ["--max-attempts", "2"]), in: folder)
        #expect(run.code == 1)
        #expect(run.errors.contains("nothing listens at 127.0.0.1:1"))
        #expect(run.errors.contains("never connected to ws://127.0.0.1:1/v5"))
        #expect(try connection(run.json)["connected"] as? Bool == false)
    }

    @Test("a host that has no address is shown, and the session ends with code 1")
    func unknownHost() throws {
        var arguments = arguments(1, ["--max-attempts", "2"])
        let index = try #require(arguments.firstIndex(of: "--endpoint"))
        arguments[index + 1] = "ws://exchange.invalid:9001/"
        let run = try AtelierProcess(arguments, in: folder)
        #expect(run.code == 1)
        #expect(run.errors.contains("exchange.invalid"))
        #expect(run.errors.contains("name resolution failed"))
    }

    @Test("a session that is stopped before it ever connected ends with code 1")
    func stoppedEarly() throws {
        let recorder = try record(1)
        try recorder.waitForError("nothing listens")
        #expect(recorder.stop() == 1)
    }

    // MARK: - Certificates

    private func certificate(_ name: String, for host: String) throws -> (chain: String, key: String) {
        let (chain, key) = (folder.file("\(name).pem"), folder.file("\(name).key"))
        let made = try RunningProcess(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", chain, "-days", "2",
                "-subj", "/CN=\(host)", "-addext",
                "subjectAltName=\(host.first?.isNumber == true ? "IP" : "DNS"):\(host)",
            ],
            in: folder
        )
        #expect(made.wait() == 0, "\(made.errors)")
        return (chain, key)
    }

    @Test("an encrypted session with a trusted certificate is logged")
    func trusted() throws {
        let own = try certificate("own", for: "127.0.0.1")
        let server = try HostileServer("good", ["--tls", own.chain, own.key], in: folder)
        let recorder = try record(server.port, ["--ca", own.chain], scheme: "wss")
        let sent = try server.sent()
        #expect(recorder.stop() == 0, "\(recorder.errors)")
        #expect(try numbers() == Array(1...sent))
    }

    @Test("a certificate of an unknown authority, or for another host, is refused in clear words")
    func untrusted() throws {
        let own = try certificate("own", for: "127.0.0.1")
        let other = try certificate("other", for: "example.org")
        let cases = [
            (own, nil, "is not trusted"), (other, other.chain, "is not for \"127.0.0.1\""),
        ]
        for (served, authority, text) in cases {
            let server = try HostileServer("good", ["--tls", served.chain, served.key], in: folder)
            let trust = authority.map { ["--ca", $0] } ?? []
            let options = arguments(server.port, ["--max-attempts", "1"] + trust, scheme: "wss")
            let run = try AtelierProcess(options, in: folder)
            #expect(run.code == 1)
            #expect(run.errors.contains(text), "\(run.errors)")
        }
    }

    @Test("TLS to a server without it is refused in clear words")
    func plainServer() throws {
        let server = try HostileServer("babbling", in: folder)
        let run = try AtelierProcess(
            arguments(server.port, ["--max-attempts", "1"], scheme: "wss"),
            in: folder
        )
        #expect(run.code == 1)
        #expect(run.errors.contains("does not speak TLS"), "\(run.errors)")
    }

    // MARK: - The disk

    @Test("a folder that cannot be made or written is an error that names it")
    func permission() throws {
        let blocked = folder.file("file")
        try Data().write(to: URL(filePath: blocked))
        for path in [blocked, "\(blocked)/log", "/proc/atelier"] {
            var arguments = arguments(1)
            arguments[2] = path
            let run = try AtelierProcess(arguments, in: folder)
            #expect(run.code == 1)
            #expect(run.errors.contains(path), "\(run.errors)")
        }
    }

    @Test("when the disk takes no more, files stay sound and every frame is logged or counted as lost")
    func fullDisk() throws {
        let server = try HostileServer("good", ["--frames", "6000"], in: folder)
        // Each file may have 64 KiB: the limit strikes like a full disk.
        let recorder = try RunningProcess(
            AtelierProcess.binary,
            arguments(server.port, ["--compression", "none"]),
            shell: "ulimit -f 128; exec \"$0\" \"$@\"",
            in: folder
        )
        let sent = try server.sent()
        #expect(recorder.stop() == 3)
        let summary = try JSONSerialization.jsonObject(with: Data(recorder.output.utf8)) as? [String: Any]
        let dropped = try #require(summary?["dropped"] as? Int)
        #expect(dropped > 0)
        #expect(recorder.errors.contains("frames are counted as lost"))
        let numbers = try numbers()
        #expect(numbers == numbers.sorted())
        #expect(Set(numbers).count == numbers.count)
        // One more frame is the acknowledgement.
        let logged = try frames().count
        #expect(logged + dropped == sent + 1)
        #expect(summary?["logged"] as? Int == logged)
        // The log and the ledger state what is missing; a frame without a number is not a second loss.
        #expect(try losses().reduce(0, +) == dropped)
        let gaps = try ledger().filter { $0["cause"] as? String == "dropped" || $0["frames"] != nil }
        #expect(gaps.compactMap { $0["frames"] as? Int }.reduce(0, +) == dropped)
        #expect(gaps.count { $0["event"] as? String == "opened" } == gaps.count / 2)
    }

    @Test("rows of live are those of its log, though the disk cut the log back")
    func cutBack() throws {
        let server = try HostileServer("good", ["--frames", "6000", "--rate", "2000"], in: folder)
        var live = arguments(server.port, ["--compression", "none", "--chunk-interval", "50ms"])
        live[0] = "live"
        let recorder = try RunningProcess(
            AtelierProcess.binary,
            live + ["--sinks", "parquet", "--rows", folder.file("rows")],
            shell: "ulimit -f 128; exec \"$0\" \"$@\"",
            in: folder
        )
        _ = try server.sent()
        #expect(recorder.stop() == 3, "\(recorder.errors)")
        let summary = try JSONSerialization.jsonObject(with: Data(recorder.output.utf8)) as? [String: Any]
        #expect(summary?["dropped"] as? Int ?? 0 > 0)
        let files = folder.contents(of: "log").filter { $0.contains(".mcap") }.sorted()
        let log = files.map { folder.file("log/\($0)") }
        _ = try AtelierProcess(["replay"] + log + ["--out", folder.file("again")], in: folder)
        let (rows, again) = (try aggregates("rows"), try aggregates("again"))
        #expect(rows.count > 3 && rows == again, "\(rows.count) and \(again.count) rows")
    }

    @Test("early rows say so in their files, and those that the log lacks are counted")
    func earlyRows() throws {
        let server = try HostileServer("good", ["--frames", "6000", "--rate", "2000"], in: folder)
        var live = arguments(server.port, ["--compression", "none", "--chunk-interval", "200ms", "--early"])
        live[0] = "live"
        let recorder = try RunningProcess(
            AtelierProcess.binary,
            live + ["--sinks", "parquet", "--rows", folder.file("rows")],
            shell: "ulimit -f 256; exec \"$0\" \"$@\"",
            in: folder
        )
        _ = try server.sent()
        #expect(recorder.stop() == 3, "\(recorder.errors)")
        let summary = try JSONSerialization.jsonObject(with: Data(recorder.output.utf8)) as? [String: Any]
        let unlogged = try #require(summary?["unlogged_rows"] as? Int)
        #expect(unlogged > 0 && unlogged < summary?["rows"] as? Int ?? 0)
        #expect(recorder.errors.contains("\(unlogged) rows were made of frames that the log lost"))
        for name in folder.contents(of: "rows/aggregates") {
            let info = try AtelierProcess(
                ["info", folder.file("rows/aggregates/\(name)"), "--json"],
                in: folder
            )
            #expect((try info.json["key_value"] as? [String: Any])?["early"] as? String == "true")
        }
    }

    @Test("SIGHUP ends a session soundly, unless it was ignored at the start", arguments: [false, true])
    func hangUp(isIgnored: Bool) throws {
        let server = try HostileServer("good", in: folder)
        let recorder = try RunningProcess(
            AtelierProcess.binary,
            arguments(server.port),
            shell: "\(isIgnored ? "trap '' HUP; " : "")exec \"$0\" \"$@\"",
            in: folder
        )
        let sent = try server.sent()
        if isIgnored {
            recorder.send(SIGHUP)
            usleep(500_000)
            #expect(recorder.isRunning)
        }
        #expect(recorder.stop(isIgnored ? SIGTERM : SIGHUP) == 0)
        #expect(try numbers() == Array(1...sent))
        #expect(folder.contents(of: "log").allSatisfy { !$0.hasSuffix(".partial") })
    }

    @Test("limits that make no sense are usage errors")
    func limits() throws {
        for option in [
            ["--max-frame", "268435456"], ["--rotate-size", "1"], ["--rotate-size", "65535"],
            ["--chunk-interval", "10ms"], ["--chunk-interval", "2s"],
        ] {
            let run = try AtelierProcess(arguments(1, option), in: folder)
            #expect(run.code == 2 && run.errors.contains(option[0]), "\(run.errors)")
        }
    }

    private func aggregates(_ name: String) throws -> [String] {
        try folder.contents(of: "\(name)/aggregates").sorted().flatMap { file in
            try AtelierProcess(["cat", folder.file("\(name)/aggregates/\(file)"), "--json"], in: folder)
                .output.split(separator: "\n").map(String.init)
        }
    }

    @Test("a folder that is deleted while it is recorded into is noticed, counted, and made again")
    func deleted() throws {
        let server = try HostileServer("good", ["--frames", "6000", "--rate", "1000"], in: folder)
        let recorder = try record(server.port)
        while !folder.contents(of: "log").contains(where: { $0.hasSuffix(".partial") }) { usleep(50_000) }
        usleep(1_500_000)
        try FileManager.default.removeItem(atPath: folder.file("log"))
        try recorder.waitForError("was removed while it was written", seconds: 5)
        let sent = try server.sent()
        #expect(recorder.stop() == 3)
        let summary = try JSONSerialization.jsonObject(with: Data(recorder.output.utf8)) as? [String: Any]
        let (logged, dropped) = (summary?["logged"] as? Int ?? 0, summary?["dropped"] as? Int ?? 0)
        #expect(dropped > 0 && logged > 0 && logged + dropped == sent + 1)
        #expect(try frames().count == logged)
        #expect(try losses().reduce(0, +) == dropped)
        #expect(try ledger().contains { $0["frames"] as? Int == dropped })
    }

    @Test("a line of gaps.jsonl that a crash tore stands alone; what follows is read")
    func tornLine() throws {
        try FileManager.default.createDirectory(atPath: folder.file("log"), withIntermediateDirectories: true)
        let torn = "{\"event\":\"opened\",\"id\":\"1-1\"}\n{\"event\":\"closed\",\"id\":\"1-1\",\"ti"
        try Data(torn.utf8).write(to: URL(filePath: folder.file("log/gaps.jsonl")))
        let server = try HostileServer("cut", in: folder)
        let recorder = try record(server.port)
        _ = try server.sent()
        recorder.stop()
        let lines = try String(contentsOfFile: folder.file("log/gaps.jsonl"), encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 5 && lines[1].hasSuffix("\"ti") && lines.last == "")
        for line in lines[2...3] { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    }

    @Test("a name that is taken is passed over, and no frame counts as lost for it")
    func nameTaken() throws {
        let server = try HostileServer("good", ["--frames", "3000", "--rate", "1000"], in: folder)
        let recorder = try record(server.port, ["--rotate-size", "65536", "--compression", "none"])
        var first: String?
        while first == nil {
            first = folder.contents(of: "log").first { $0.hasSuffix("-00001.mcap.partial") }
            usleep(20_000)
        }
        let name = try #require(first).replacing("-00001.mcap.partial", with: "-0000")
        // The last name blocks the current file, the next temporary name the one after it.
        for other in ["1.mcap", "2.mcap.partial", "3.mcap"] {
            try Data("mine".utf8).write(to: URL(filePath: folder.file("log/\(name)\(other)")))
        }
        let sent = try server.sent()
        #expect(recorder.stop() == 3)
        let summary = try JSONSerialization.jsonObject(with: Data(recorder.output.utf8)) as? [String: Any]
        #expect(summary?["dropped"] as? Int == 0 && summary?["logged"] as? Int == sent + 1)
        #expect((summary?["torn"] as? [String])?.count == 1)
        #expect(!recorder.errors.contains("disk was full"))
        #expect(try Data(contentsOf: URL(filePath: folder.file("log/\(name)1.mcap"))) == Data("mine".utf8))
    }

    /// How many frames each `dropped` record of the log states.
    private func losses() throws -> [Int] {
        var counts: [Int] = []
        for name in folder.contents(of: "log") where name.hasSuffix(".mcap") || name.hasSuffix(".partial") {
            let run = try AtelierProcess(["cat", folder.file("log/\(name)"), "--json"], in: folder)
            var messages = 0
            for line in try run.lines {
                messages += 1
                guard (line["topic"] as? String)?.hasSuffix("/status") == true,
                    let text = line["text"] as? String,
                    let status = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
                    status["state"] as? String == "dropped"
                else { continue }
                counts.append(status["count"] as? Int ?? 0)
            }
            #expect(messages > 0, "\(name) holds nothing")
        }
        return counts
    }

    /// The lines of `gaps.jsonl`.
    private func ledger() throws -> [[String: Any]] {
        try String(contentsOfFile: folder.file("log/gaps.jsonl"), encoding: .utf8).split(separator: "\n").map
        {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
        }
    }
}
