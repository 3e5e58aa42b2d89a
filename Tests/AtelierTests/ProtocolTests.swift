import Foundation
import Glibc
import Testing

/// Servers that violate WebSocket or TLS, or are too slow: the connection fails, is counted and reopened.
@Suite(
    "Protocol faults while recording",
    .enabled(if: Python.any != nil),
    .timeLimit(.minutes(20)),
    .serialized
)
struct ProtocolTests {
    private let folder: Scratch

    init() throws { folder = try Scratch() }

    private func record(_ port: Int, _ more: [String] = [], scheme: String = "ws") throws -> RunningProcess {
        try RunningProcess(
            AtelierProcess.binary,
            [
                "record", "--out", folder.file("log"), "--exchange", "bybit", "--symbols", "BTCUSDT",
                "--kinds",
                "trades", "--json", "--endpoint", "\(scheme)://127.0.0.1:\(port)/v5",
            ] + more,
            in: folder
        )
    }

    private func summary(_ recorder: RunningProcess) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(recorder.output.utf8)) as? [String: Any]
        return try #require((object?["connections"] as? [[String: Any]])?.first)
    }

    private func texts(_ ending: String) throws -> [String] {
        var texts: [String] = []
        for name in folder.contents(of: "log") where name.hasSuffix(".mcap") {
            for line in try AtelierProcess(["cat", folder.file("log/\(name)"), "--json"], in: folder).lines
            where (line["topic"] as? String)?.hasSuffix(ending) == true {
                texts.append(line["text"] as? String ?? "")
            }
        }
        return texts
    }

    @Test(
        "a frame against the rules ends its connection with the code for it, and nothing of it is logged",
        arguments: [
            ("8185010203044840686e6e", 1002, "masked"), ("c1024142", 1002, "reserved bits"),
            ("a1024142", 1002, "reserved bits"), ("830178", 1002, "reserved opcode 3"),
            ("8b00", 1002, "reserved opcode 11"), ("090161", 1002, "fragmented"),
            ("897e007e", 1002, "125 bytes"),
            ("80024142", 1002, "continues nothing"), ("010141810142", 1002, "before the fragments"),
            ("880161", 1002, "close frame"), ("880203ed", 1002, "close frame"),
            ("880403e8fffe", 1007, "UTF-8"),
            ("817e00024142", 1002, "length"),
        ]
    )
    func frames(bytes: String, code: Int, reason: String) throws {
        let server = try HostileServer("raw", ["--bytes", bytes], in: folder)
        let recorder = try record(server.port)
        let told: Int = try server.process.first { line in
            (try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["close"] as? Int
        }
        let sent = try server.sent()
        #expect(recorder.stop() == 0, "\(recorder.errors)")
        #expect(told == code)
        let summary = try summary(recorder)
        #expect(summary["protocol_errors"] as? Int == 1)
        #expect(summary["reconnects"] as? Int == 1)
        let failure = summary["last_failure"] as? String ?? ""
        #expect(failure.contains("broke the WebSocket protocol") && failure.contains(reason), "\(failure)")
        let data = try texts("/in").filter { !$0.contains("\"op\":\"subscribe\"") }
        #expect(data.count == sent && data.allSatisfy { $0.contains("publicTrade") })
        let end = try #require(try texts("/status").first { $0.contains("disconnected") })
        #expect(end.contains("\"code\":\(code)"))
    }

    @Test(
        "an answer to the upgrade that is not the one demanded is refused in clear words",
        arguments: [
            ("Sec-WebSocket-Accept: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Accept"),
            ("Sec-WebSocket-Accept:", "Sec-WebSocket-Accept"),
            ("Sec-WebSocket-Extensions: permessage-deflate", "nobody asked for"),
            ("Sec-WebSocket-Protocol: chat", "nobody asked for"),
            ("Connection: keep-alive", "Connection: Upgrade"),
            ("Upgrade: h2c", "WebSocket"), ("Upgrade:", "WebSocket"),
        ]
    )
    func answers(header: String, reason: String) throws {
        let server = try HostileServer("answer", ["--header", header], in: folder)
        let recorder = try record(server.port)
        let sent = try server.sent()
        #expect(recorder.stop() == 0, "\(recorder.errors)")
        #expect(recorder.errors.contains(reason), "\(recorder.errors)")
        #expect(!recorder.errors.contains("upgraderDenied") && !recorder.errors.contains("for state"))
        #expect(try texts("/in").count == sent + 1)
        #expect(try texts("/in").allSatisfy { !$0.contains("\"999\"") })
    }

    @Test("a server that reads none of what it is sent is left, with bounded memory")
    func unread() throws {
        let server = try HostileServer("unread", in: folder)
        let recorder = try record(server.port)
        #expect(try server.sent() == 20)
        #expect(recorder.stop() == 0, "\(recorder.errors)")
        #expect(recorder.errors.contains("the server does not read what it is sent"), "\(recorder.errors)")
    }

    @Test(
        "TLS older than 1.2 is refused, newer is taken",
        arguments: [("TLSv1", false), ("TLSv1_1", false), ("TLSv1_2", true), ("TLSv1_3", true)]
    )
    func versions(version: String, isTaken: Bool) throws {
        let (chain, key) = (folder.file("own.pem"), folder.file("own.key"))
        let made = try RunningProcess(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", chain, "-days", "2",
                "-subj",
                "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
            ],
            in: folder
        )
        #expect(made.wait() == 0)
        let server = try HostileServer("good", ["--tls", chain, key, "--tls-version", version], in: folder)
        let recorder = try record(server.port, ["--ca", chain, "--max-attempts", "1"], scheme: "wss")
        if isTaken {
            _ = try server.sent()
            #expect(recorder.stop() == 0, "\(recorder.errors)")
        } else {
            #expect(recorder.wait() == 1)
            #expect(recorder.errors.contains("TLS"), "\(recorder.errors)")
        }
    }
}
