import Foundation
import Testing

/// `dataset build`, `verify` and `audit` on the command line: what they refuse, what they leave alone, how
/// they end.
struct DatasetCommandTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Rows of 100 ms whose mids are `prices`, asks a tenth above, bids a tenth below.
    private func recording(_ prices: [Int]) throws -> String {
        var lines: [String] = []
        var before: Int?
        for (index, price) in prices.enumerated() {
            let side = { (offset: Int) in
                let gone = before.map { #"["\#(Double($0 + offset) / 10)","0"],"# } ?? ""
                return #"[\#(gone)["\#(Double(price + offset) / 10)","1"]]"#
            }
            let time = 1_786_310_880_000 + index * 100
            let frame = FrameLines.bybitBook(
                before == nil ? "snapshot" : "delta",
                u: index + 1,
                bids: side(-1),
                asks: side(1),
                ts: time
            )
            lines.append(try FrameLines.line(time * 1_000_000, frame))
            before = before == price ? nil : price
        }
        return try scratch.recording(of: lines, exchange: "bybit", market: "linear")
    }

    private static let prices = (0..<80).map { 70_000 + ($0 * 7) % 31 - $0 % 4 }

    private func build(
        _ path: String,
        _ flags: [String] = [],
        to out: String = "set"
    ) throws -> AtelierProcess {
        let usual = [
            "--clock", "external", "--features", "ob_mid_price,liq_count,ob_spread", "--split", "none",
        ]
        let flags = flags.contains("--split") ? usual.dropLast(2) + flags : usual + flags
        return try AtelierProcess(["dataset", "build", path, "--out", out] + flags, in: scratch)
    }

    private func dataset(_ arguments: String...) throws -> AtelierProcess {
        try AtelierProcess(["dataset"] + arguments, in: scratch)
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOf: URL(filePath: scratch.file(name)), encoding: .utf8)
    }

    private func replace(_ old: String, by new: String, in name: String) throws {
        let before = try text(name)
        #expect(before.contains(old), "\(old) is not in \(name)")
        try scratch.write(Array(before.replacing(old, with: new).utf8), as: name)
    }

    // MARK: - Verify

    @Test func `verify only reads the set, leaves other folders alone, and can be run twice at once`() throws
    {
        let built = try build(recording(Self.prices), ["--labels", "direction:1", "--normalise", "z-score"])
        #expect(built.code == 0, "\(built.errors)")
        for name in ["set.verify", "set.audit", "set.partial"] {
            try FileManager.default.createDirectory(
                atPath: scratch.file(name),
                withIntermediateDirectories: true
            )
            try scratch.write(Array("mine".utf8), as: name + "/thesis")
        }
        let before = scratch.contents(of: ".").filter { !$0.hasPrefix(".") }
        let twice = "\"$0\" \"$@\" & \"$0\" \"$@\" || exit; wait $!"
        let run = try AtelierProcess(["dataset", "verify", "set"], shell: twice, in: scratch)
        #expect(run.code == 0, "\(run.output)\(run.errors)")
        try FileManager.default.createDirectory(
            atPath: scratch.file("work"),
            withIntermediateDirectories: true
        )
        #expect(try dataset("verify", "set", "--work", "work").code == 0)
        #expect(try dataset("audit", "set", "--work", "work").code == 0)
        #expect(scratch.contents(of: "work").isEmpty)
        try FileManager.default.removeItem(atPath: scratch.file("work"))
        #expect(scratch.contents(of: ".").filter { !$0.hasPrefix(".") } == before)
        #expect(try dataset("verify", "set", "--work", "absent").code == 1)
    }

    @Test(
        arguments: [
            ("\"window\": 1", "\"window\": 2"), ("\"embargo_ns\": \"100000000\"", "\"embargo_ns\": \"0\""),
            ("\"measure\": \"sigma\"", "\"measure\": \"mad\""), ("\"samples\": ", "\"samples\": 1"),
            ("\"tradable\": true", "\"tradable\": false"), ("\"frames\": 80", "\"frames\": 81"),
            ("\"code\": \"", "\"code\": \"other "), ("\"zstd\": \"", "\"zstd\": \"0."),
            ("\"version\": 2", "\"version\": 1"),
            ("\"audit\": null\n", "\"audit\": null,\n  \"more\": 1\n"),
        ]
    )
    func `a manifest that was changed is told, whatever was changed`(_ old: String, _ new: String) throws {
        let built = try build(recording(Self.prices), ["--labels", "direction:1", "--normalise", "z-score"])
        #expect(built.code == 0, "\(built.errors)")
        try replace(old, by: new, in: "set/manifest.json")
        let run = try dataset("verify", "set", "--json")
        #expect(run.code == 3)
        let checks = try #require(try run.json["checks"] as? [[String: Any]])
        #expect(checks.map { $0["name"] as? String } == ["inputs", "outputs", "rebuild", "manifest"])
        #expect(checks.map { $0["ok"] as? Bool } == [true, true, true, false])
    }

    @Test func `other bytes are told with the version of zstd that made them`() throws {
        let built = try build(recording(Self.prices), ["--labels", "direction:1", "--outputs", "parquet"])
        #expect(built.code == 0, "\(built.errors)")
        let names = scratch.contents(of: "set").filter { $0.hasSuffix(".parquet") }
        let name = "set/" + (try #require(names.first))
        let whole = try Data(contentsOf: URL(filePath: scratch.file(name)))
        func verify(_ isDamaged: Bool) throws -> String {
            // A column's first byte.
            var bytes = [UInt8](whole)
            if isDamaged { bytes[4] ^= 1 }
            try scratch.write(bytes, as: name)
            return try dataset("verify", "set").output
        }
        #expect(try !verify(true).contains("zstd"))
        try replace("\"zstd\": \"", by: "\"zstd\": \"0.", in: "set/manifest.json")
        let told = try verify(true)
        #expect(told.contains("(compressed by zstd 0."), "\(told)")
        // With the same bytes only the manifest differs, which names the line.
        let same = try verify(false)
        #expect(!same.contains("compressed by") && same.contains("zstd"), "\(same)")
        try replace("\"zstd\"", by: "\"zsdt\"", in: "set/manifest.json")
        let lacking = try dataset("verify", "set")
        #expect(lacking.code == 3 && lacking.errors.contains("no member 'zstd'"), "\(lacking.errors)")
    }

    @Test func `an audit changes the manifest's audit only, and of other recordings says nothing`() throws {
        let path = try recording(Self.prices)
        #expect(try build(path, ["--labels", "direction:1"]).code == 0)
        let before = try text("set/manifest.json")
        #expect(try dataset("audit", "set", "--cuts", "2").code == 0)
        #expect(try text("set/manifest.json").hasPrefix(before.dropLast("null\n}\n".count)))
        #expect(try dataset("verify", "set").code == 0)
        let audited = try text("set/manifest.json")
        for time in ["2027-01-01", "1786310887900000000", "1"] {
            let late = try dataset("audit", "set", "--at", time)
            #expect(late.code == 2 && late.errors.contains("--at: found "), "\(late.errors)")
        }
        #expect(try dataset("audit", "set", "--at", "1786310883000000000").code == 0)
        let other = try recording(Self.prices.reversed())
        let wrong = try dataset("audit", "set", "--recordings", other)
        #expect(wrong.code == 3 && wrong.errors.contains("not those of the manifest"))
        #expect(try text("set/manifest.json") != audited)
        let moved = scratch.file("moved.mcap")
        try FileManager.default.moveItem(atPath: path, toPath: moved)
        #expect(try dataset("verify", "set", "--recordings", moved).code == 0)
        #expect(try dataset("verify", "set").code == 3)
    }

    @Test func `a set whose files are not what a build writes ends with 3`() throws {
        let path = try recording(Self.prices)
        #expect(try build(path, ["--labels", "direction:1"]).code == 0)
        func changed(_ change: () throws -> Void) throws -> (verify: AtelierProcess, audit: AtelierProcess) {
            try? FileManager.default.removeItem(atPath: scratch.file("kept"))
            try FileManager.default.copyItem(atPath: scratch.file("set"), toPath: scratch.file("kept"))
            try change()
            let runs = (try dataset("verify", "set"), try dataset("audit", "set"))
            try FileManager.default.removeItem(atPath: scratch.file("set"))
            try FileManager.default.moveItem(atPath: scratch.file("kept"), toPath: scratch.file("set"))
            return runs
        }
        for damage in ["window = [", "windw = 1\n", "window = 1\nwindow = 2\n", ""] {
            let runs = try changed { try scratch.write(Array(damage.utf8), as: "set/plan.toml") }
            #expect(runs.verify.code == 3 && runs.audit.code == 3, "\(damage): \(runs.audit.errors)")
            #expect(runs.verify.output.contains("ok      inputs") || damage == "")
        }
        for name in ["plan.toml", "manifest.json"] {
            let runs = try changed { try FileManager.default.removeItem(atPath: scratch.file("set/\(name)")) }
            #expect(runs.verify.code == 3 && runs.audit.code == 3, "\(name)")
        }
        for text in ["", "{}", "[1]", #"{"format":"atelier-dataset","version":3}"#] {
            let runs = try changed { try scratch.write(Array(text.utf8), as: "set/manifest.json") }
            #expect(runs.verify.code == 3 && runs.audit.code == 3, "\(text)")
        }
        let extra = try changed { try scratch.write([1], as: "set/npy/extra") }
        #expect(extra.verify.code == 3 && extra.verify.output.contains("npy/extra is not in the manifest"))
        let link = try changed {
            try FileManager.default.createSymbolicLink(
                atPath: scratch.file("set/a"),
                withDestinationPath: "/nowhere"
            )
        }
        #expect(link.verify.code == 3 && link.verify.output.contains("a is not in the manifest"))
        let outside = try changed {
            try replace("\"path\": \"README.md\"", by: "\"path\": \"../README.md\"", in: "set/manifest.json")
        }
        #expect(outside.verify.code == 3 && outside.verify.errors.contains("below the dataset"))
        #expect(try dataset("verify", "nothing").code == 1)
        #expect(try dataset("verify", "set").code == 0)
        // A set may be reached by a link, and hold its files as links.
        try FileManager.default.moveItem(atPath: scratch.file("set"), toPath: scratch.file("store"))
        try FileManager.default.createSymbolicLink(atPath: scratch.file("set"), withDestinationPath: "store")
        try FileManager.default.moveItem(
            atPath: scratch.file("store/README.md"),
            toPath: scratch.file("card")
        )
        try FileManager.default.createSymbolicLink(
            atPath: scratch.file("store/README.md"),
            withDestinationPath: "../card"
        )
        #expect(try dataset("verify", "set").code == 0)
    }

    // MARK: - Build

    @Test(arguments: ["", "/", ".", "..", "a/.", "//"])
    func `an output that can have no name is a usage error`(_ out: String) throws {
        let run = try build(recording([70_000, 70_001, 70_002]), to: out)
        #expect(run.code == 2 && run.errors.contains("--out: found '\(out)'"), "\(run.errors)")
    }

    @Test func `a key stands once in a plan, in whatever table`() throws {
        let path = try recording(Self.prices)
        try scratch.write(Array("[a]\nwindow = 4\n[b]\nwindow = 8\n".utf8), as: "plan.toml")
        let twice = try build(path, ["--plan", "plan.toml"])
        #expect(
            twice.code == 2 && twice.errors.contains("window: found in several tables"),
            "\(twice.errors)"
        )
        try scratch.write(Array("[a]\nwindow = 4\n[b]\nstride = 2\n".utf8), as: "plan.toml")
        #expect(try build(path, ["--plan", "plan.toml", "--window", "3"]).code == 0)
        #expect(try text("set/plan.toml").contains("window = 3\nstride = 2\n"))
    }

    @Test(arguments: ["leave-out", "mask", "refuse"])
    func `columns that no row can fill are a usage error`(_ missing: String) throws {
        let path = try recording(Self.prices)
        for (features, depth) in [
            ("book:10", "5"), ("book:1000", "50"), ("queue_imbalance_10", "9"), ("ask_sz_05", "5"),
        ] {
            let flags = ["--features", features, "--depth", depth, "--missing", missing]
            let run = try AtelierProcess(["dataset", "build", path, "--out", "x"] + flags, in: scratch)
            #expect(
                run.code == 2 && run.errors.contains("levels a side, and rows show \(depth)"),
                "\(run.errors)"
            )
        }
        for feature in ["vpin_1", "kyle_lambda_100001", "realized_volatility_0"] {
            let run = try build(path, ["--features", feature, "--missing", missing], to: "x")
            #expect(run.code == 2 && run.errors.contains("a window of 2...100000 rows"), "\(run.errors)")
        }
    }

    @Test func `what has no value is left out and named, and a label of one class too`() throws {
        let path = try recording(Array(repeating: 70_000, count: 30))
        let run = try build(path, ["--labels", "direction:1", "--normalise", "robust"])
        #expect(run.code == 0, "\(run.errors)")
        let (card, manifest) = (try text("set/README.md"), try text("set/manifest.json"))
        for line in [
            "no value in any row, hence left out: liq_count",
            "constant in training, hence 0: ob_mid_price, ob_spread", "label direction:1 is 0 in all ",
        ] {
            #expect(run.errors.contains(line) && card.contains(line) && manifest.contains(line), "\(line)")
        }
        #expect(manifest.contains(#""left_out_features": ["liq_count"]"#))
        #expect(manifest.contains(#""measure": "none""#))
        #expect(card.contains("| 0 | `bybit/linear/BTCUSDT` |"))
        #expect(try build(path, ["--missing", "refuse"], to: "refused").code == 1)
        let masked = try build(path, ["--missing", "mask"], to: "masked")
        #expect(masked.code == 0 && masked.errors.contains("no value, hence masked: liq_count"))
        #expect(try build(path, ["--features", "liq_count"], to: "none").code == 1)
    }

    @Test func `labels without a value are NaN, or -100 among indices of classes`() throws {
        let path = try recording(Self.prices)
        // The last rows have no direction but a sign of their own.
        let flags = ["--labels", "direction:9,return-sign", "--outputs", "npy,safetensors,parquet"]
        #expect(try build(path, flags).code == 0)
        #expect(try build(path, flags + ["--label-type", "class"], to: "classes").code == 0)
        #expect(try dataset("verify", "classes").code == 0)
        let numbers = try scratch.bytes("set/npy/train/labels.npy").suffix(8)
        #expect(Array(numbers.prefix(4)) == [0, 0, 0xc0, 0x7f])
        let classes = try scratch.bytes("classes/npy/train/labels.npy").suffix(16)
        #expect(Array(classes.prefix(8)) == [0x9c] + Array(repeating: 0xff, count: 7))
        #expect((0...2).contains(classes.suffix(8).first ?? 9))
        let both = try build(path, ["--labels", "simple-return:1", "--label-type", "class"], to: "x")
        #expect(both.code == 2 && both.errors.contains("has no classes"))
    }
}

/// Labels computed again in fractions from the books of a replay.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["ATELIER_PYTHON"] != nil,
        "skipped, ATELIER_PYTHON is not set"
    )
)
struct ExactLabelTests {
    private static let shared = URL(filePath: AtelierProcess.package).appending(path: "../shared")
        .standardized.path()
    private static let areThere = FileManager.default.fileExists(atPath: shared + "/recordings")

    private static let labels =
        "direction:1:band=1,direction:3:band=0.1,triple-barrier:100ms:up=2:down=1,"
        + "triple-barrier:20:up=0.5:down=0.25:timeout=sign,simple-return:2,log-return:1s,return-sign"

    private func agree(_ recording: String, _ flags: [String], _ extra: [String], in scratch: Scratch) throws
    {
        let replay = ["replay", recording, "--out", "books", "--book-layout", "wide"] + flags
        let set = ["dataset", "build", recording, "--out", "set", "--split", "none", "--labels", Self.labels]
        let replayed = try AtelierProcess(replay, in: scratch)
        #expect(replayed.code == 0, "\(replayed.errors)")
        let built = try AtelierProcess(set + flags + extra, in: scratch)
        #expect(built.code == 0, "\(built.errors)")
        let script = "\(AtelierProcess.package)/Tests/Reference/dataset/exact_labels.py"
        let shell = "exec \"$ATELIER_PYTHON\" \"$@\""
        let run = try AtelierProcess([script, "set", "books/orderbooks"], shell: shell, in: scratch)
        #expect(run.code == 0 && run.output.hasPrefix("same "), "\(run.errors)")
    }

    @Test(arguments: ["mid", "microprice"], ["tradable", "row"])
    func `made sessions agree in every label`(_ price: String, _ entry: String) throws {
        let scratch = try Scratch()
        let simulate = [
            "simulate", "--venues", "bybit/linear,coinbase,kraken", "--duration", "20s", "--out", "s.mcap",
        ]
        #expect(try AtelierProcess(simulate, in: scratch).code == 0)
        let extra = ["--price", price, "--entry", entry, "--latency", entry == "row" ? "0s" : "70ms"]
        try agree("s.mcap", ["--clock", "external"], extra, in: scratch)
    }

    @Test(.enabled(if: areThere, "skipped, no shared recordings"))
    func `a session of ties agrees in every label`() throws {
        let scratch = try Scratch()
        let input = "\(Self.shared)/faults/datasets/ties.jsonl.zst"
        let flags = ["--exchange", "bybit", "--market", "linear", "--out", "t.mcap"]
        #expect(try AtelierProcess(["import", input] + flags, in: scratch).code == 0)
        try agree("t.mcap", ["--clock", "external"], ["--dtype", "float64"], in: scratch)
    }

    @Test(
        .enabled(if: areThere, "skipped, no shared recordings"),
        arguments: [
            "bybit/v5-linear-SOLUSDT-DOGEUSDT-20260809",
            "coinbase/advanced-trade-BTCUSD-ETHUSD-20260809-first300",
            "kraken/v2-BTCUSD-book10-20230730",
        ]
    )
    func `real frames agree in every label`(_ name: String) throws {
        let scratch = try Scratch()
        let venue = String(name.prefix { $0 != "/" })
        let flags =
            ["--exchange", venue, "--out", "r.mcap"] + (venue == "bybit" ? ["--market", "linear"] : [])
        let input = "\(Self.shared)/recordings/\(name).jsonl.zst"
        let imported = try AtelierProcess(["import", input] + flags, in: scratch)
        #expect(imported.code == 0, "\(imported.errors)")
        try agree("r.mcap", ["--clock", "orderbook-driven"], ["--entry", "row"], in: scratch)
    }
}
