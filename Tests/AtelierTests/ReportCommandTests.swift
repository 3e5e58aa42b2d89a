import ByteCoding
import Foundation
import MarketModel
import Recording
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

/// `report`: one page with the facts of `replay`, readable by any strict parser.
struct ReportCommandTests {
    /// The page and the command's output about it.
    private func report(
        _ arguments: [String],
        in scratch: Scratch,
        code: Int32 = 0
    ) throws -> (page: String, run: AtelierProcess) {
        let run = try AtelierProcess(["report"] + arguments + ["--out", "page.html", "--force"], in: scratch)
        #expect(run.code == code, "\(run.errors)")
        let page = String(decoding: try scratch.bytes("page.html"), as: UTF8.self)
        #expect(XMLParser(data: Data(page.utf8)).parse(), "not well-formed")
        #expect(!scratch.contents(of: ".").contains { $0.hasSuffix(".partial") })
        return (page, run)
    }

    private static func grouped(_ number: Int) -> String {
        var text = String(number)
        var index = text.count - 3
        while index > 0 {
            text.insert(",", at: text.index(text.startIndex, offsetBy: index))
            index -= 3
        }
        return text
    }

    // MARK: - What the page says

    @Test(
        arguments: ["bybit-linear", "bybit-spot", "bybit-inverse", "coinbase", "kraken"],
        [[], ["--clock", "external", "--period", "1s", "--time-basis", "exchange"]]
    )
    func `the page has the figures of replay`(_ sample: String, _ flags: [String]) throws {
        let scratch = try Scratch()
        let path = try scratch.recording(sample)
        let json = try AtelierProcess(["replay", path, "--json"] + flags, in: scratch).json
        let (page, run) = try report([path, "--json"] + flags, in: scratch)
        func expect(_ label: String, _ key: String) throws {
            let count = try #require((json[key] ?? (json["events"] as? [String: Any])?[key]) as? Int)
            let cell = "\(label)</th><td class=\"number\">\(Self.grouped(count))</td>"
            #expect(page.contains(cell), "\(key)")
        }
        let counters = [
            ("= frames", "frames"), ("decoded", "decoded_frames"), ("ignored by name", "ignored"),
            ("of unknown kinds", "unknown"), ("errors", "error_frames"), ("decode errors", "decode_errors"),
            ("book snapshots", "book_snapshots"), ("book deltas", "book_deltas"), (">trades", "trades"),
            ("liquidations", "liquidations"), ("funding rates", "funding_rates"),
            ("open interests", "open_interest"), ("before the first row", "before_first_row"),
            ("duplicate trades", "duplicate_trades"), (">rows", "rows"), ("partial rows", "partial_rows"),
            ("trades of subscription snapshots", "snapshot_trades"), ("jumps of clocks", "jumps"),
            ("late states", "late_states"), ("bad times", "bad_time"), ("gaps of books", "gaps"),
        ]
        for (label, key) in counters { try expect(label, key) }
        #expect(!page.contains("does not add up"))
        for one in try #require(json["instruments"] as? [[String: Any]]) {
            let book = try #require(one["book"] as? [String: Any])
            let bid = (book["best_bid"] as? [String])?.first ?? "–"
            let ask = (book["best_ask"] as? [String])?.first ?? "–"
            let rows = Self.grouped(try #require(one["rows"] as? Int))
            let trades = Self.grouped(try #require(one["trades"] as? Int))
            let cells = [bid, ask, rows, trades].map { "<td class=\"number\">\($0)</td>" }
            #expect(page.contains(cells.joined()))
        }
        for key in ["digest", "content_digest", "rows", "frames", "gaps", "late_events"] {
            #expect(try run.json[key] as? AnyHashable == json[key] as? AnyHashable, "\(key)")
        }
        for key in ["digest", "content_digest"] { #expect(page.contains(try #require(json[key] as? String))) }
        #expect(try run.json["bytes"] as? Int == page.utf8.count)
    }

    @Test func `the same input gives the same bytes wherever it lies and in whatever order`() throws {
        let scratch = try Scratch()
        let files = FileManager.default
        let paths = try ["kraken", "coinbase"].map { try scratch.recording($0) }
        let (page, _) = try report(paths, in: scratch)
        try files.createDirectory(atPath: scratch.file("else"), withIntermediateDirectories: true)
        for path in paths {
            try files.copyItem(
                atPath: path,
                toPath: scratch.file("else/\((path as NSString).lastPathComponent)")
            )
        }
        for arguments in [["else"], paths.reversed(), paths] {
            #expect(try report(arguments, in: scratch).page == page)
        }
        #expect(!page.contains(scratch.path) && !page.contains("else/"))
        let printed = try AtelierProcess(["report"] + paths + ["--out", "-"], in: scratch)
        #expect(printed.output == page)
    }

    @Test func `the page names commands that give its rows again`() throws {
        let scratch = try Scratch()
        let path = try scratch.recording("bybit-linear", as: "it's a session.mcap")
        let flags = [
            "--clock", "orderbook-driven", "--period", "500ms", "--depth", "5", "--from",
            "2026-03-02T12:00:10Z", "--instruments", "bybit/linear/SOLUSDT", "--title", "a b",
        ]
        let (page, _) = try report([path] + flags, in: scratch)
        let block = try #require(
            page.components(separatedBy: "<pre>").last?.components(separatedBy: "</pre>").first
        )
        let lines = block.replacingOccurrences(of: "&quot;", with: "\"").split(separator: "\n").map(
            String.init
        )
        #expect(lines.count == 2)
        let shell = "atelier() { \"$0\" \"$@\"; }; "
        let replay = try AtelierProcess([], shell: shell + lines[1], in: scratch)
        #expect(replay.code == 0, "\(replay.errors)")
        let again = try AtelierProcess([], shell: shell + lines[0], in: scratch)
        #expect(again.code == 0, "\(again.errors)")
        #expect(try scratch.bytes("report.html") == Array(page.utf8))
    }

    @Test func `names from recordings and files are text`() throws {
        let scratch = try Scratch()
        let symbol = "<script>alert('&')</script>"
        let lines = try FrameLines.lines(
            (1...5).map { index in
                FrameLines.bybitTrade(price: "100", size: "1", id: "\(index)", ts: 1_000_000_000 + index)
                    .replacingOccurrences(of: "BTCUSDT", with: symbol)
            } + ["<b>\u{202e}no frame"]
        )
        let made = try scratch.recording(of: lines, exchange: "bybit", market: "linear")
        let path = scratch.file("<i>&'.mcap")
        try FileManager.default.moveItem(atPath: made, toPath: path)
        let (page, _) = try report([path, "--title", "<u>&amp;"], in: scratch)
        for text in ["<script", "<b>\u{202e}", "\u{202e}", "<i>", "<u>"] { #expect(!page.contains(text)) }
        #expect(page.contains("bybit/linear/&lt;script&gt;alert('&amp;')&lt;/script&gt;"))
        #expect(page.contains("<h1>&lt;u&gt;&amp;amp;</h1>"))
        #expect(page.contains("&lt;i&gt;&amp;'.mcap"))
    }

    // MARK: - Losses

    @Test func `a damaged chunk is told and ends with exit code 3`() throws {
        let scratch = try Scratch()
        let made = try MadeRecording("made.mcap", in: scratch, compression: .none)
        var bytes = try scratch.bytes(made.path)
        let chunk = ChunkLocation.all(in: bytes)[4]
        bytes[chunk.offset + chunk.length / 2] ^= 0x10
        let path = try scratch.write(bytes, as: "damaged.mcap")
        let json = try AtelierProcess(["replay", path, "--json"], in: scratch).json
        let (page, run) = try report([path, "--json"], in: scratch, code: 3)
        let loss = try #require((json["loss"] as? [[String: Any]])?.first)
        let lost = Self.grouped(try #require(loss["bytes"] as? Int))
        let offset = Self.grouped(try #require((loss["offset"] as? String).flatMap { Int($0) }))
        #expect(page.contains("damaged.mcap: \(lost) bytes at byte \(offset) cannot be read"))
        #expect(page.contains("\(chunk.frames) frames lost"))
        #expect(page.contains("The log is not whole."))
        #expect(try run.json["damaged"] as? Bool == true)
        #expect(run.errors.contains("warning: \(path)"))
    }

    @Test func `a torn file and dropped frames are told`() throws {
        let scratch = try Scratch()
        let torn = Array(try scratch.bytes(scratch.recording("kraken")).dropLast(90))
        let (page, _) = try report([scratch.write(torn, as: "torn.mcap")], in: scratch, code: 3)
        #expect(page.contains("damaged or torn"))
        let dropped = try recording(
            "dropped.mcap",
            of: [StatusRecord(.dropped, reason: "<full>", count: 1234)],
            in: scratch
        )
        let (second, _) = try report([dropped], in: scratch, code: 3)
        #expect(second.contains("The recorder dropped 1,234 frames"))
        #expect(second.contains("&lt;full&gt;, 1234 frames"))
    }

    @Test func `what happened to connections is listed, and what is too much counted`() throws {
        let scratch = try Scratch()
        var statuses = [StatusRecord(.connecting, epoch: 1), StatusRecord(.connected, epoch: 1)]
        for epoch in UInt64(1)...300 {
            statuses.append(StatusRecord(.disconnected, epoch: epoch, code: 1006))
        }
        let path = try recording("broken.mcap", of: statuses, in: scratch)
        let (page, _) = try report([path], in: scratch)
        #expect(page.contains("In all 1 × connecting, 1 × connected, 300 × disconnected."))
        #expect(page.contains("code 1006, attempt 249<"))
        #expect(page.contains("… and 51 more"))
        #expect(!page.contains("attempt 250<"))
    }

    private func recording(
        _ name: String,
        of statuses: [StatusRecord],
        in scratch: Scratch
    ) throws -> String {
        let output = try ByteOutput(path: scratch.file(name))
        let session = SessionFacts(start: 1_000_000_000, details: [("source", "import")])
        let writer = try RecordingWriter(output, session: session)
        let channel = FrameChannel(exchange: "kraken", market: "spot", slot: "c0", direction: .status)
        let number = try writer.add(channel)
        for (index, status) in statuses.enumerated() {
            let time = 1_000_000_000 + Int64(index) * 1_000_000
            try writer.write(Array(status.json.utf8).span.bytes, on: number, at: time)
        }
        try writer.finish(reason: "test")
        try output.finish(replacing: false)
        return scratch.file(name)
    }

    @Test func `every gap is in the list or counted`() throws {
        let scratch = try Scratch()
        let simulate = [
            "simulate", "--out", "faulty.mcap", "--venues", "bybit/linear,kraken", "--frames", "6000",
            "--faults",
            "all",
        ]
        #expect(try AtelierProcess(simulate, in: scratch).code == 0)
        let (page, run) = try report([scratch.file("faulty.mcap"), "--json"], in: scratch)
        let gaps = try #require(try run.json["gaps"] as? Int)
        #expect(gaps > 3)
        let counts = try #require(
            page.components(separatedBy: "In all ").dropFirst().first?.prefix { $0 != "." }
        )
        let causes = counts.components(separatedBy: ", ").filter { $0.contains(" × gap: ") }
        #expect(causes.reduce(0) { $0 + (Int($1.prefix { $0 != " " }) ?? 0) } == gaps)
        #expect(page.components(separatedBy: "<td class=\"word\">gap: ").count - 1 == min(gaps, 250))
        #expect(page.contains("class=\"gap\""))
        #expect(!page.contains("does not add up"))
    }

    @Test(arguments: [0, 1])
    func `a recording without frames has a page`(_ count: Int) throws {
        let scratch = try Scratch()
        let path = try MadeRecording("empty.mcap", in: scratch, count: count).path
        let (page, run) = try report([path, "--json"], in: scratch)
        #expect(page.contains("No frames"))
        #expect(try run.json["rows"] as? Int == 0)
    }

    @Test func `times that lie centuries apart fit on a page`() throws {
        let scratch = try Scratch()
        let early = try MadeRecording("early.mcap", in: scratch, count: 60, start: 0)
        let late = try MadeRecording("late.mcap", in: scratch, count: 60, start: .max - 600_000_000)
        for paths in [[early.path], [late.path], [early.path, late.path]] {
            let (page, _) = try report(paths + ["--clock", "external"], in: scratch)
            #expect(page.contains("class=\"frames\""))
        }
    }

    // MARK: - The file

    @Test func `a page that exists stays unless forced`() throws {
        let scratch = try Scratch()
        let path = try scratch.recording("kraken")
        try scratch.write([1, 2], as: "page.html")
        let refused = try AtelierProcess(["report", path, "--out", "page.html"], in: scratch)
        #expect(refused.code == 1)
        #expect(refused.errors.contains("--force"))
        #expect(try scratch.bytes("page.html") == [1, 2])
        _ = try report([path], in: scratch)
        let own = try AtelierProcess(["report", path, "--out", path, "--force"], in: scratch)
        #expect(own.code == 2)
        #expect(own.errors.contains("itself"))
    }

    @Test func `what cannot be read leaves no page`() throws {
        let scratch = try Scratch()
        try scratch.write([1, 2, 3], as: "no.mcap")
        for path in ["no.mcap", "absent.mcap"] {
            let run = try AtelierProcess(["report", path, "--out", "page.html"], in: scratch)
            #expect(run.code == 1)
            #expect(!run.errors.isEmpty)
        }
        #expect(scratch.contents(of: ".") == ["no.mcap"])
    }

    @Test(
        arguments: [
            ["x.mcap"], ["--out", "a.html"], ["x.mcap", "--out", ""], ["x.mcap", "--out", "-", "--json"],
            ["x.mcap", "--out", "a.html", "--period", "0s"],
            ["x.mcap", "--out", "a.html", "--from", "2", "--to", "1"],
        ]
    )
    func `a command line that makes no sense is a usage error`(_ arguments: [String]) throws {
        let run = try AtelierProcess(["report"] + arguments, in: Scratch())
        #expect(run.code == 2, "\(run.errors)")
    }
}
