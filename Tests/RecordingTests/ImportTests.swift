import ByteCoding
import MarketModel
import Recording
import Testing

@Suite struct ImportTests {
    /// The venue's time is the number after `@` in a frame; `L` identifies the market linear.
    static let rules = ImportRules(
        exchange: "test",
        protocolID: "test-v1",
        markets: [.spot, .linear],
        venueTime: { frame in
            let text = frame.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
            return text.split(separator: "@", omittingEmptySubsequences: false).dropFirst().first.flatMap {
                Int64($0)
            }
        },
        makeProbe: { Probe() }
    )

    struct Probe: MarketProbe {
        var market: Market?
        mutating func observe(_ frame: RawSpan) {
            if frame.withUnsafeBytes({ $0.contains(0x4c) }) { market = .linear }
        }
    }

    private func imported(
        _ text: String,
        format: ImportFormat? = nil,
        market: Market? = .spot,
        markets: [String: Market] = [:],
        subscribed: FeedKinds = [],
        memory: Int = 1 << 20
    ) throws -> (frames: [SentFrame], session: ImportSession, reader: RecordingReader, bytes: [UInt8]) {
        let session = ImportSession(
            rules: Self.rules,
            markets: markets,
            defaultMarket: market,
            subscribed: subscribed,
            memory: memory
        )
        try session.add(
            try ByteInput(bytes: Array(text.utf8).span.bytes, name: "dir/ws.1.jsonl.gz"),
            format: format
        )
        let output = ByteOutput()
        try session.write(to: output, compression: .zstd)
        let bytes = output.takeBytes()
        let reader = try RecordingReader(bytes: bytes.span.bytes)
        return (try frames(reader), session, reader, bytes)
    }

    @Test func `JSON lines keep their frames byte for byte, in any key order`() throws {
        let lines = #"""
            {"recv_ns":10,"conn":"a","frame":"{\"p\":\"1.50\"}"}
            { "frame" : "\u00e9\n\ud83d\ude00\udcff/\/" , "extra":[1,{"frame":"x"}], "conn":"b", "recv_ns": 11 }

            {"conn":"a","recv_ns":12,"frame":""}
            """#
        let result = try imported(lines)
        #expect(result.session.problems == [])
        let raw = Array("é\n😀".utf8) + [0xff] + Array("//".utf8)
        #expect(
            result.frames.map(\.topic) == ["/test/spot/c0/in", "/test/spot/c1/in", "/test/spot/c0/in"]
        )
        #expect(result.frames.map(\.sequence) == [1, 1, 2])
        #expect(result.frames.map(\.time) == [10, 11, 12])
        #expect(result.frames[0].text == "{\"p\":\"1.50\"}")
        #expect(result.frames[1].text == String(decoding: raw, as: UTF8.self))
        #expect(result.reader.channels.map(\.connection) == ["a", "b"])
        #expect(result.reader.channels.first?.protocolID == "test-v1")
        #expect(result.reader.sessionStart == 10)
    }

    @Test func `a missing receive time is the greater of the previous and the venue's`() throws {
        let lines = """
            {"recv_ns":null,"conn":"a","frame":"lead"}
            {"recv_ns":null,"conn":"a","frame":"@50@"}
            {"recv_ns":null,"conn":"a","frame":"@40@"}
            {"recv_ns":null,"conn":"a","frame":"none"}
            {"recv_ns":45,"conn":"a","frame":"early"}
            {"recv_ns":null,"conn":"a","frame":"@47@"}
            {"recv_ns":null,"conn":"a","frame":"@60@"}
            """
        let result = try imported(lines)
        #expect(result.frames.map(\.text) == ["early", "lead", "@50@", "@40@", "none", "@47@", "@60@"])
        #expect(result.frames.map(\.time) == [45, 50, 50, 50, 50, 50, 60])
        #expect(result.frames.map(\.sequence) == Array(1...7))
    }

    @Test func `frames without any time are refused`() {
        #expect(throws: RecordingError.noTimes(path: "import")) {
            try imported("{\"recv_ns\":null,\"conn\":\"a\",\"frame\":\"x\"}")
        }
    }

    @Test func `the sort is stable, also from the temporary file`() throws {
        var lines: [String] = []
        var expected: [(Int64, Int)] = []
        var state: UInt64 = 42
        for index in 0..<5_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let time = Int64(state >> 56)
            lines.append("{\"recv_ns\":\(time),\"conn\":\"a\",\"frame\":\"frame \(index)\"}")
            expected.append((time, index))
        }
        expected.sort { ($0.0, $0.1) < ($1.0, $1.1) }
        for memory in [1 << 20, 1_000] {
            let result = try imported(lines.joined(separator: "\n"), memory: memory)
            #expect(result.frames.map(\.text) == expected.map { "frame \($0.1)" })
            #expect(result.reader.stepsBack == 0)
        }
    }

    @Test func `a line that cannot be read is left out and named`() throws {
        let lines = """
            {"recv_ns":1,"conn":"a","frame":"one"}
            {"recv_ns":2,"conn":"a"}
            {"recv_ns":2.5,"conn":"a","frame":"x"}
            {"recv_ns":-1,"conn":"a","frame":"x"}
            {"recv_ns":3,"conn":"a","frame":{}}
            {"recv_ns":3,"conn":"a","frame":"x
            {"recv_ns":4,"conn":"a","frame":"two"} x
            {"recv_ns":4,"conn":"a","frame":"two"}
            """
        let result = try imported(lines)
        #expect(result.frames.map(\.text) == ["one", "two"])
        #expect(result.session.problems.map(\.line) == [2, 3, 4, 5, 6, 7])
        #expect(result.session.problems[0].reason == "no \"frame\" in the line")
        #expect(result.session.problems[1].reason.hasPrefix("expected an integer or null, found 2.5"))
    }

    @Test func `numbers are taken as texts too, as this project writes them`() throws {
        let lines = """
            {"recv_ns":"1700000000000000001","conn":"a","frame":"one"}
            {"recv_ns":"null","conn":"a","frame":"x"}
            {"recv_ns":"","conn":"a","frame":"x"}
            {"recv_ns":1700000000000000002,"conn":7,"frame":"two"}
            """
        let result = try imported(lines)
        #expect(result.frames.map(\.text) == ["one", "x", "two"])
        #expect(result.frames.map(\.time).first == 1_700_000_000_000_000_001)
        #expect(result.session.problems.map(\.line) == [3])
        let status = StatusRecord(Array(#"{"state":"dropped","epoch":"2","count":"18"}"#.utf8).span.bytes)
        #expect(status?.count == 18 && status?.epoch == 2)
    }

    @Test func `lines of the clock and of topics of no connection are taken`() throws {
        let lines = #"""
            {"recv_ns":1,"conn":"/session/clock","dir":"clock","frame":"{\"wall_ns\":\"1\"}"}
            {"recv_ns":2,"conn":"a","frame":"x"}
            {"recv_ns":3,"conn":"/camera/left","dir":"other","frame":"y"}
            {"recv_ns":4,"conn":"a","base64":"AP//gA=="}
            {"recv_ns":5,"conn":"a","base64":""}
            {"recv_ns":6,"conn":"a","base64":"AP=/"}
            {"recv_ns":7,"conn":"a","dir":"sideways","frame":"z"}
            """#
        let result = try imported(lines)
        #expect(
            result.frames.map(\.topic) == [
                "/session/clock", "/test/spot/c0/in", "/camera/left", "/test/spot/c0/in", "/test/spot/c0/in",
            ]
        )
        #expect(Array(result.frames[3].text.utf8) == Array("\u{0}\u{fffd}\u{fffd}\u{fffd}".utf8))
        #expect(result.frames[4].text.isEmpty)
        #expect(result.session.problems.map(\.line) == [6, 7])
    }

    @Test func `frames behind damage are taken, and a drop says that some are missing`() throws {
        func packed(_ range: Range<Int>) throws -> [UInt8] {
            let text = range.map { "\(1_700_000_000_000_000_000 + $0) {\"n\":\($0)}\n" }.joined()
            var output = GrowableBytes()
            try Gzip.compress(Array(text.utf8).span.bytes, appendingTo: &output)
            return output.bytes.withUnsafeBytes { Array($0) }
        }
        let data = Array(try packed(0..<50).dropLast(5)) + (try packed(50..<60))
        let session = ImportSession(rules: Self.rules, defaultMarket: .spot)
        try session.add(try ByteInput(bytes: data.span.bytes, name: "b.gz", expansion: .automatic))
        #expect(session.count == 60)
        #expect(session.problemCount == 1)
        #expect(session.problems.first?.reason.contains("reading goes on at byte") == true)
        let output = ByteOutput()
        try session.write(to: output, compression: .none)
        let reader = try RecordingReader(bytes: output.takeBytes().span.bytes)
        let all = try frames(reader)
        #expect(all.filter { $0.topic.hasSuffix("/in") }.map(\.text) == (0..<60).map { "{\"n\":\($0)}" })
        let drops = all.enumerated().filter { $0.element.text.contains("\"dropped\"") }
        #expect(drops.map(\.offset) == [50])
    }

    @Test func `more connections than a file has channels are refused line by line`() throws {
        let lines = (0..<17_000).map { "{\"recv_ns\":1,\"conn\":\"c\($0)\",\"frame\":\"x\"}" }
        let result = try imported(lines.joined(separator: "\n"))
        #expect(result.session.problemCount == 1_000)
        #expect(result.frames.count == 16_000)
    }

    @Test func `markets come from the flags, then from the frames`() throws {
        let lines = """
            {"recv_ns":1,"conn":"a","frame":"x"}
            {"recv_ns":1,"conn":"b","frame":"x"}
            {"recv_ns":2,"conn":"b","frame":"L"}
            """
        let result = try imported(lines, market: nil, markets: ["a": .spot], subscribed: [.book, .trades])
        #expect(result.reader.channels.map(\.market) == ["spot", "linear"])
        #expect(result.reader.channels.allSatisfy { $0.subscribedKinds == [.book, .trades] })
        #expect(throws: RecordingError.unknownMarket(connection: "b", exchange: "test")) {
            try imported("{\"recv_ns\":1,\"conn\":\"b\",\"frame\":\"x\"}", market: nil)
        }
    }

    @Test func `the same input gives the same bytes`() throws {
        let lines = "{\"recv_ns\":1,\"conn\":\"a\",\"frame\":\"x\"}\n"
        #expect(try imported(lines).bytes == imported(lines).bytes)
    }

    @Test func `tardis lines carry RFC 3339 times, an empty line is a disconnect`() throws {
        let result = try imported(
            "2026-08-09T21:05:48.2285688Z {\"a\":1}\n\n2026-08-09T21:05:49Z {\"b\": 2}\n"
        )
        let start: Int64 = 1_786_309_548_228_568_800
        #expect(result.frames.map(\.time) == [start, start, 1_786_309_549_000_000_000])
        #expect(
            result.frames.map(\.topic) == ["/test/spot/c0/in", "/test/spot/c0/status", "/test/spot/c0/in"]
        )
        #expect(result.frames[2].text == "{\"b\": 2}")
        #expect(result.frames[1].text.contains("\"disconnected\""))
    }

    @Test func `collector lines carry nanoseconds`() throws {
        let result = try imported("1721347020984480942 {\"stream\":1}\n1721347020984480943 {}\n")
        #expect(result.frames.map(\.time) == [1_721_347_020_984_480_942, 1_721_347_020_984_480_943])
        #expect(result.frames.map(\.text) == ["{\"stream\":1}", "{}"])
    }

    @Test func `cryptofeed files carry connections, requests and float seconds`() throws {
        let result = try imported(
            """
            configuration: {'BYBIT': 1}
            wss://stream.example.invalid/v5 <-> 1786309548.25
            wss://stream.example.invalid/v5 <- 1786309548.5: {"op":"subscribe"}
            1786309549.0000012: {"a": "b: c"}
            https://api.example.invalid/x?y=1 -> 1786309549.5: {"rest":1}
            wss://stream.example.invalid/v5 <-> 1786309550.0
            1786309550.5: {}
            """
        )
        #expect(result.session.problems == [])
        let directions = result.frames.map { $0.topic.split(separator: "/").last.map(String.init) ?? "" }
        #expect(directions == ["status", "out", "in", "http", "status", "status", "in"])
        #expect(result.frames[2].time == 1_786_309_549_000_001_200)
        #expect(result.frames[2].text == "{\"a\": \"b: c\"}")
        #expect(result.frames[4].text.contains("disconnected") && result.frames[5].text.contains("connected"))
        #expect(result.reader.channels.allSatisfy { $0.endpoint == "wss://stream.example.invalid/v5" })
        #expect(result.reader.channels.filter { $0.direction == .http }.map(\.request) == ["/x?y=1"])
    }

    @Test func `replies keep the path of their request, one channel each`() throws {
        let result = try imported(
            #"""
            {"recv_ns":1,"conn":"a","rest":"/depth?symbol=X&limit=5","frame":"{\"x\":1}"}
            {"recv_ns":2,"conn":"a","frame":"one"}
            {"recv_ns":3,"conn":"a","rest":"/depth?symbol=Y&limit=5","frame":"{}"}
            {"recv_ns":4,"conn":"a","rest":"/depth?symbol=X&limit=5","frame":"{\"x\":2}"}
            {"recv_ns":5,"conn":"a","dir":"http","frame":"{\"x\":3}"}
            """#
        )
        #expect(result.session.problems == [])
        #expect(result.frames.map(\.text) == [#"{"x":1}"#, "one", "{}", #"{"x":2}"#, #"{"x":3}"#])
        #expect(result.frames.map(\.sequence) == [1, 1, 1, 2, 1])
        let topics = result.frames.map { $0.topic.split(separator: "/").last.map(String.init) ?? "" }
        #expect(topics == ["http", "in", "http", "http", "http"])
        let (x, y) = ("/depth?symbol=X&limit=5", "/depth?symbol=Y&limit=5")
        #expect(result.reader.channels.map(\.request) == ["", x, y, ""])
    }

    @Test func `an unknown format is refused with the choices`() {
        #expect(throws: RecordingError.self) { try imported("price,size\n1,2\n") }
    }
}
