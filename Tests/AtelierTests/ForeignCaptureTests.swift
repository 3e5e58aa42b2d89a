import ByteCoding
import Foundation
import MCAP
import Recording
import Testing

/// Captures of other programs: plain or compressed, cut off, empty, or something else.
struct ForeignCaptureTests {
    private static let base: Int64 = 1_786_309_548_000_000_000

    /// The text of a capture of 300 frames in a format.
    private func text(_ format: String) throws -> String {
        let head =
            format == "cryptofeed"
            ? "configuration: {'BYBIT': {}}\nwss://stream.example.invalid/v5 <-> 1786309547.5\n" : ""
        return try head
            + (0..<300).map { index in
                let frame = FrameLines.bybitTrade(
                    price: "1.5",
                    size: "2",
                    id: "t\(index)",
                    ts: 1_786_309_548_000
                )
                let micros = 1_000 * index
                let digits = String(repeating: "0", count: 6 - String(micros).count) + String(micros)
                switch format {
                case "cryptofeed": return "1786309548.\(digits): \(frame)\n"
                case "tardis": return "2026-08-09T21:05:48.\(digits)0Z \(frame)\n"
                case "hftbacktest": return "\(Self.base + Int64(micros) * 1_000) \(frame)\n"
                default: return try FrameLines.line(Int(Self.base) + micros * 1_000, frame) + "\n"
                }
            }.joined()
    }

    private func packed(_ text: String, _ packing: String, in scratch: Scratch) throws -> [UInt8] {
        let bytes = Array(text.utf8)
        var output = GrowableBytes()
        switch packing {
        case "zst": try ZstdCompressor().compress(bytes.span.bytes, appendingTo: &output)
        case "lz4": try LZ4FrameCompressor().compress(bytes.span.bytes, appendingTo: &output)
        case "gz":
            try scratch.write(bytes, as: "plain")
            try AtelierProcess([], shell: "gzip -c plain > plain.gz", in: scratch)
            return try scratch.bytes("plain.gz")
        default: output.append(bytes)
        }
        return output.bytes.withUnsafeBytes { Array($0) }
    }

    private static let flags = ["--exchange", "bybit", "--market", "linear", "--out", "out.mcap", "--json"]

    @Test(arguments: ["jsonl", "cryptofeed", "tardis", "hftbacktest"], ["plain", "gz", "zst", "lz4"])
    func `a capture is told by its content, plain or compressed`(_ format: String, _ packing: String) throws {
        let scratch = try Scratch()
        try scratch.write(try packed(try text(format), packing, in: scratch), as: "capture")
        for named in [[], ["--format", format]] {
            let run = try AtelierProcess(["import", "capture", "--force"] + named + Self.flags, in: scratch)
            #expect(run.code == 0, "\(run.errors)")
            let frames = try MadeRecording.frames(of: "out.mcap", in: scratch).filter {
                $0.topic.hasSuffix("/in")
            }
            #expect(frames.map(\.time) == (0..<300).map { Self.base + $0 * 1_000_000 })
            let session = try session(scratch.file("out.mcap"))
            #expect(session["formats"] == format)
            // The file states what the format cannot express.
            #expect((session["\(format)_lacks"] != nil) == (format != "jsonl"))
        }
    }

    private func session(_ path: String) throws -> [String: String] {
        let file = try FileReader(path: path)
        let facts = try #require(try Summary(file).metadata(named: "session", in: file))
        return Dictionary(facts.values.entries.map { ($0.key, $0.value) }) { $1 }
    }

    @Test(arguments: ["gz", "zst", "lz4"])
    func `a compressed capture that is cut off is kept as far as it goes`(_ packing: String) throws {
        let scratch = try Scratch()
        // More than a block of each format.
        let long = String(repeating: try text("hftbacktest"), count: 12)
        let whole = try packed(long, packing, in: scratch)
        try scratch.write(Array(whole.dropLast(6)), as: "capture")
        let run = try AtelierProcess(["import", "capture"] + Self.flags, in: scratch)
        #expect(run.code == 3)
        #expect(run.errors.contains("capture is cut off inside a"), "\(run.errors)")
        #expect(try run.json["frames"] as? Int ?? 0 > 300)
    }

    @Test func `what holds no frames writes nothing`() throws {
        let scratch = try Scratch()
        let hidden = try packed("", "gz", in: scratch)
        let cases: [(String, [UInt8], Int32, String)] = [
            ("empty", [], 1, "no frames"), ("empty.gz", hidden, 1, "no frames"),
            ("blank", Array("\n\r\n\n".utf8), 1, "no frames"),
            ("other.json", Array("{\"a\":1}\n".utf8), 1, "no \"frame\" in the line"),
            ("table.csv", Array("price,size\n1,2\n".utf8), 2, "of no known format"),
            ("table.parquet", Array("PAR1....".utf8), 2, "a Parquet file"),
            ("packed.xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], 2, "an xz file"),
            ("words", Array("hello {\"a\":1}\n".utf8), 2, "of no known format"),
        ]
        for (name, bytes, code, text) in cases {
            try scratch.write(bytes, as: name)
            let run = try AtelierProcess(["import", name] + Self.flags, in: scratch)
            #expect(run.code == code && run.errors.contains(text), "\(name): \(run.code) \(run.errors)")
            #expect(run.errors.contains(name), "\(run.errors)")
            #expect(!scratch.contents(of: ".").contains { $0.hasPrefix("out.mcap") }, "\(name)")
        }
        let made = try MadeRecording("made.mcap", in: scratch)
        let again = try AtelierProcess(["import", made.path] + Self.flags, in: scratch)
        #expect(again.code == 2 && again.errors.contains("an MCAP file already"), "\(again.errors)")
    }

    @Test func `a format that is named wrongly leaves every line out and says so`() throws {
        let scratch = try Scratch()
        try scratch.write(Array(try text("tardis").utf8), as: "capture")
        let run = try AtelierProcess(
            ["import", "capture", "--format", "hftbacktest"] + Self.flags,
            in: scratch
        )
        #expect(run.code == 1)
        #expect(run.errors.contains("capture: line 1: expected a time in nanoseconds"), "\(run.errors)")
        #expect(run.errors.contains("and 290 more") && run.errors.contains("nothing is written"))
    }

    @Test func `a byte order mark is passed over`() throws {
        let scratch = try Scratch()
        try scratch.write([0xef, 0xbb, 0xbf] + Array(try text("jsonl").utf8), as: "capture")
        let run = try AtelierProcess(["import", "capture"] + Self.flags, in: scratch)
        #expect(run.code == 0, "\(run.errors)")
        #expect(try run.json["frames"] as? Int == 300)
    }
}
