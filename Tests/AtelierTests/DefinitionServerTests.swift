import Foundation
import Testing

/// REST servers that work and others that fail: the session continues in any case.
@Suite("REST servers", .enabled(if: Python.any != nil), .timeLimit(.minutes(20)), .serialized)
struct DefinitionServerTests {
    private let folder: Scratch

    init() throws { folder = try Scratch() }

    /// A number that a server's line holds.
    private static func port(in line: String) -> Int? {
        let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        return object?["port"] as? Int
    }

    private func rest(_ mode: String, _ options: [String] = []) throws -> (process: RunningProcess, port: Int)
    {
        let python = try #require(Python.any)
        let process = try RunningProcess(
            python,
            [Python.script("hostile_rest.py"), mode] + options,
            in: folder
        )
        return (process, try process.first(Self.port))
    }

    private func serve(_ arguments: [String]) throws -> (process: RunningProcess, port: Int) {
        let process = try RunningProcess(
            AtelierProcess.binary,
            ["serve", "--port", "0"] + arguments,
            in: folder
        )
        let port = try process.first { line -> Int? in
            guard line.hasPrefix("ws") else { return nil }
            return Int(line.split(separator: ":").last?.prefix { $0 != "/" } ?? "")
        }
        return (process, port)
    }

    private func arguments(_ socket: String, _ rest: String) -> [String] {
        [
            "record", "--out", "log", "--exchange", "bybit", "--symbols", "BTCUSDT", "--kinds", "trades",
            "--endpoint", socket, "--rest-endpoint", rest, "--json", "--connect-timeout", "1s",
        ]
    }

    private func record(_ socket: String, _ rest: String, _ more: [String] = []) throws -> AtelierProcess {
        let length = more.contains("--duration") ? [] : ["--duration", "2500ms"]
        return try AtelierProcess(arguments(socket, rest) + more + length, in: folder)
    }

    private func messages(_ suffix: String) throws -> [String] {
        var texts: [String] = []
        for name in folder.contents(of: "log") where name.contains(".mcap") {
            let run = try AtelierProcess(["cat", folder.file("log/\(name)"), "--json"], in: folder)
            for line in try run.lines where (line["topic"] as? String)?.hasSuffix(suffix) == true {
                texts.append(line["text"] as? String ?? "")
            }
        }
        return texts
    }

    /// Waits until this many trade messages are in the log: the session continues.
    private func waitForTrades(_ count: Int) throws {
        let end = Date().addingTimeInterval(60)
        var found = 0
        while found < count, Date() < end {
            usleep(200_000)
            found = try messages("").count { $0.hasPrefix("{\"topic\":\"publicTrade") }
        }
        try #require(found >= count)
    }

    @Test(
        "one that fails is told with its reason, noted in the log, and keeps nothing waiting",
        arguments: [
            ("error", "the server answers 503 Service Unavailable", 503),
            ("redirect", "redirect to https://elsewhere.example/ not followed", 302),
            ("gzip", "the reply is compressed (gzip) though that was not asked for", nil),
            ("huge", "the reply is larger than 33554432 bytes", nil),
            ("endless", "the reply is larger than 33554432 bytes", nil),
            ("garbage", "does not answer in HTTP", nil),
            ("cut", "does not answer in HTTP", nil),
            ("hangup", "the connection ended before the reply did", nil),
            ("nojson", "the reply is no JSON", nil), ("other", "the reply lists no instruments", nil),
            ("refused", "the venue refused: Too many visits! (retCode 10006)", nil),
            ("loop", "a page names itself as the next", nil), ("silent", "the server does not answer", nil),
        ] as [(String, String, Int?)]
    )
    func failing(mode: String, reason: String, status: Int?) throws {
        let venue = try serve(["--simulate", "bybit/linear", "--speed", "20x"])
        let server = try rest(mode)
        let recorder = try RunningProcess(
            AtelierProcess.binary,
            arguments("ws://127.0.0.1:\(venue.port)", "http://127.0.0.1:\(server.port)"),
            in: folder
        )
        try recorder.waitForError("instrument definitions could not be fetched from http://127.0.0.1:")
        try waitForTrades(6)
        #expect(recorder.stop() == 0)
        #expect(recorder.errors.contains(reason), "\(recorder.errors)")
        let summary = try JSONSerialization.jsonObject(with: Data(recorder.output.utf8)) as? [String: Any]
        let connection = try #require((summary?["connections"] as? [[String: Any]])?.first)
        #expect(try #require(connection["frames"] as? Int) > 5)
        #expect(connection["rejections"] as? Int == 0)
        #expect(connection["definitions"] is NSNull)
        let noted = try messages("/status").filter { $0.contains("\"topic\":\"definitions\"") }
        try #require(noted.count == 1)
        #expect(noted[0].contains("\"rejected\""))
        if mode == "silent" {
            // Frames arrived during the wait.
            let all = try messages("")
            let failure = try #require(all.firstIndex { $0.contains("\"topic\":\"definitions\"") })
            #expect(all[..<failure].contains { $0.hasPrefix("{\"topic\":\"publicTrade") })
        }
        if let status { #expect(noted[0].contains("\"code\":\(status)")) }
    }

    @Test("one that drips for ever is given up after three times the patience")
    func dripping() throws {
        let venue = try serve(["--simulate", "bybit/linear", "--speed", "20x"])
        let server = try rest("drip")
        let run = try record(
            "ws://127.0.0.1:\(venue.port)",
            "http://127.0.0.1:\(server.port)",
            ["--duration", "5s"]
        )
        #expect(run.code == 0)
        #expect(run.errors.contains("the reply takes too long"), "\(run.errors)")
    }

    @Test("nothing listens: the session goes on; it asks without compression where something does")
    func listening() throws {
        let venue = try serve(["--simulate", "bybit/linear", "--speed", "20x"])
        let none = try record("ws://127.0.0.1:\(venue.port)", "http://127.0.0.1:1")
        #expect(none.code == 0)
        #expect(none.errors.contains("nothing listens at 127.0.0.1:1"), "\(none.errors)")
        let server = try rest("good")
        let good = try record("ws://127.0.0.1:\(venue.port)", "http://127.0.0.1:\(server.port)/prefix/")
        #expect(good.code == 0 && !good.errors.contains("definitions"))
        let path = "/prefix/v5/market/instruments-info?category=linear&limit=1000"
        #expect(server.process.output.contains("\"\(path)\""))
        #expect(server.process.output.contains("identity"))
        let connection = try #require((good.json["connections"] as? [[String: Any]])?.first)
        #expect(connection["definitions"] as? Int == 4)
    }

    @Test("an address that is none is refused before anything begins")
    func address() throws {
        for text in ["127.0.0.1:8080", "bybit=ftp://127.0.0.1", "kraken=http://", "http://[::1:80"] {
            let run = try record("ws://127.0.0.1:1", text)
            let address = text.split(separator: "=").last ?? ""
            #expect(run.code == 2)
            #expect(
                run.errors.contains("\"\(address)\" is no REST address; expected http://"),
                "\(run.errors)"
            )
        }
        for text in ["http://127.0.0.1:1", "ws://127.0.0.1:port", "bybit=ws:///path", "ws://"] {
            let run = try record(text, "http://127.0.0.1:1")
            #expect(run.code == 2)
            #expect(run.errors.contains("is no WebSocket address; expected ws://"), "\(run.errors)")
        }
        let other = try record("bybitt=ws://127.0.0.1:1", "http://127.0.0.1:1")
        #expect(other.code == 2 && other.errors.contains("unknown exchange 'bybitt'; nearest: bybit"))
        let market = try record("ws://127.0.0.1:1", "http://127.0.0.1:1", ["--market", "linaer"])
        #expect(market.code == 2 && market.errors.contains("unknown market 'linaer'; nearest: linear"))
        #expect(folder.contents(of: ".").isEmpty)
    }

    @Test("an address of a manifest that is none is refused with its line, before there is a file")
    func manifestAddress() throws {
        for (key, value, kind) in [
            ("endpoint", "http://127.0.0.1:1", "WebSocket"), ("rest_endpoint", "127.0.0.1:8080", "REST"),
        ] {
            for command in ["record", "live"] {
                let lines = [
                    "[session]", "out = \"log\"", "[collect]", "exchange = \"bybit\"",
                    "market_type = \"linear\"", "symbols = [\"BTCUSDT\"]", "\(key) = \"\(value)\"",
                ]
                try folder.write(Array(lines.joined(separator: "\n").utf8), as: "session.toml")
                let run = try AtelierProcess([command, "--manifest", "session.toml"], in: folder)
                #expect(run.code == 2)
                #expect(run.errors.contains("\"\(value)\" is no \(kind) address"), "\(run.errors)")
                #expect(run.errors.contains("7"), "\(run.errors)")
                #expect(folder.contents(of: ".") == ["session.toml"])
            }
        }
    }

    @Test("with a socket address alone no REST interface is asked")
    func socketAlone() throws {
        let venue = try serve(["--simulate", "bybit/linear", "--speed", "20x"])
        let run = try AtelierProcess(
            [
                "record", "--out", "log", "--exchange", "bybit", "--symbols", "BTCUSTD", "--duration", "1s",
                "--endpoint", "ws://127.0.0.1:\(venue.port)", "--depth", "50", "--json",
            ],
            in: folder
        )
        #expect(
            !run.errors.contains("definitions") && !run.errors.contains("unknown symbol"),
            "\(run.errors)"
        )
        #expect(try messages("/http").isEmpty)
        #expect(venue.process.stop() == 0)
        #expect(venue.process.output.contains(", 0 REST replies"))
    }

    // MARK: - Encrypted, and played again

    private func certificate(_ name: String, for host: String) throws -> (chain: String, key: String) {
        let (chain, key) = (folder.file("\(name).pem"), folder.file("\(name).key"))
        let made = try RunningProcess(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", chain, "-days", "2",
                "-subj", "/CN=\(host)", "-addext", "subjectAltName=IP:\(host)",
            ],
            in: folder
        )
        #expect(made.wait() == 0, "\(made.errors)")
        return (chain, key)
    }

    @Test("an encrypted server is asked, if its certificate is trusted")
    func encrypted() throws {
        let own = try certificate("own", for: "127.0.0.1")
        let venue = try serve([
            "--simulate", "bybit/linear", "--speed", "20x", "--cert", own.chain, "--key", own.key,
        ])
        let (socket, rest) = ("wss://127.0.0.1:\(venue.port)", "https://127.0.0.1:\(venue.port)")
        let run = try record(socket, rest, ["--ca", own.chain])
        #expect(run.code == 0, "\(run.errors)")
        #expect(try messages("/http").count == 2)
        let plain = try serve(["--simulate", "bybit/linear", "--speed", "20x"])
        let untrusted = try record("ws://127.0.0.1:\(plain.port)", rest)
        #expect(untrusted.code == 0)
        #expect(
            untrusted.errors.contains("the certificate of 127.0.0.1 is not trusted"),
            "\(untrusted.errors)"
        )
    }

    @Test(
        "a recording's definitions are served again, byte for byte",
        arguments: ["bybit/linear", "coinbase", "kraken"]
    )
    func again(venue: String) throws {
        let exchange = String(venue.prefix { $0 != "/" })
        let symbols = ["bybit": "BTCUSDT,ETHUSDT", "coinbase": "BTC-USD", "kraken": "BTC/USD"]
        let record = { (port: Int, out: String) in
            try AtelierProcess(
                [
                    "record", "--out", out, "--exchange", exchange, "--symbols", symbols[exchange] ?? "",
                    "--endpoint", "ws://127.0.0.1:\(port)", "--rest-endpoint", "http://127.0.0.1:\(port)",
                    "--kinds", "book,trades", "--duration", "2500ms",
                ] + (exchange == "bybit" ? ["--depth", "50"] : []),
                in: folder
            )
        }
        let told = { (out: String) in
            let name = try #require(folder.contents(of: out).first { $0.hasSuffix(".mcap") })
            let lines = try AtelierProcess(["cat", "\(out)/\(name)", "--json"], in: folder).lines
            return lines.compactMap { $0["text"] as? String }.filter {
                $0.contains("\"tickSize\"") || $0.contains("\"price_increment\"")
            }
        }
        let first = try serve(["--simulate", venue, "--speed", "10x"])
        #expect(try record(first.port, "one").code == 0)
        let name = try #require(folder.contents(of: "one").first { $0.hasSuffix(".mcap") })
        let second = try serve([folder.file("one/\(name)"), "--speed", "2x"])
        let run = try record(second.port, "two")
        #expect(run.code == 0, "\(run.errors)")
        let (one, two) = (try told("one"), try told("two"))
        #expect(!one.isEmpty && one == two)
        let replayed = try AtelierProcess(["replay", "two", "--json"], in: folder).json
        let instruments = try #require(replayed["instruments"] as? [[String: Any]])
        #expect(instruments.count == symbols[exchange]?.split(separator: ",").count)
        #expect(instruments.allSatisfy { $0["definition"] is [String: Any] })
    }
}
