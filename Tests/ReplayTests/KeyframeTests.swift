import ByteCoding
import Exchanges
import Foundation
import MarketModel
import Recording
import Synchronizer
import Testing

@testable import Replay
@testable import Rows

/// Replays of slices that begin at keyframes, against the whole replay's rows.
@Suite("Keyframes")
struct KeyframeTests {
    private let folder: String

    init() throws { folder = try SessionFiles.folder() }

    /// Each row in a few bytes: its `ts`, and a digest of all it holds.
    private final class Collector: RowSink {
        struct Entry: Equatable {
            var ts: Int64
            var digest: [UInt8]
        }

        let wants: RowNeeds = .levels
        private(set) var rows: [Entry] = []
        private(set) var gaps = 0
        private var encoding = RowEncoding()

        func write(_ row: borrowing Row) {
            var bytes = GrowableBytes()
            _ = encoding.append(row.aggregate, of: row.instrument, to: &bytes)
            rows.append(Entry(ts: row.snapshot.ts, digest: SHA256.digest(of: bytes.bytes)))
        }

        func received(_ notice: Notice) { if case .gapped = notice { gaps += 1 } }
    }

    /// A replay that was read to its end.
    private struct Result {
        var rows: [Collector.Entry]
        var summary: ReplaySummary
    }

    private func run(_ paths: [String], _ options: ReplayOptions) throws -> Result {
        let sink = Collector()
        var replay = try Replay(paths: paths, options: options, into: sink, keyframesIn: nil)
        while try replay.run() {}
        let summary = try replay.finish()
        #expect(summary.keyframe == replay.keyframeStart)
        return Result(rows: sink.rows, summary: summary)
    }

    private func options(_ rows: SynchronizerOptions, from: Int64? = nil, to: Int64? = nil) -> ReplayOptions {
        var options = ReplayOptions(synchronizer: rows, from: from, to: to)
        options.threads = 1
        return options
    }

    @discardableResult
    private func make(
        _ paths: [String],
        _ rows: SynchronizerOptions = SynchronizerOptions(),
        every seconds: Double = 2,
        force: Bool = false
    ) throws -> [MadeKeyframes] {
        var settings = KeyframeOptions()
        (settings.interval, settings.replaces) = (Int64(seconds * 1e9), force)
        return try KeyframeMaker.run(paths: paths, options: options(rows), settings: settings)
    }

    private func sample() throws -> String {
        let lines = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Recordings/bybit-linear.jsonl.gz").path()
        return try SessionFiles.imported(
            lines,
            exchange: "bybit",
            market: .linear,
            named: "real.mcap",
            in: folder
        )
    }

    private func chain(_ files: Int = 4, frames: Int = 9_000) throws -> [String] {
        let whole = try SessionFiles.simulated(frames: frames, seed: 11, named: "whole", in: folder)
        return try SessionFiles.split(whole, into: files, lossBefore: 2, named: "part", in: folder)
    }

    /// Compares slices at random times with the rows of the whole; returns how many began at a keyframe.
    private func compare(
        _ paths: [String],
        _ rows: SynchronizerOptions,
        times: Int,
        seed: UInt64
    ) throws -> Int {
        let whole = try run(paths, options(rows))
        let span = try #require(whole.summary.span)
        try #require(whole.rows.count > 100)
        var random = SeededGenerator(state: seed)
        var started = 0
        for _ in 0..<times {
            let from = Int64.random(
                in: (span.first - 1_000_000_000)...(span.last + 1_000_000_000),
                using: &random
            )
            let to =
                Int.random(in: 0..<10, using: &random) == 0
                ? nil : from + Int64.random(in: 1...4_000_000_000, using: &random)
            let slice = try run(paths, options(rows, from: from, to: to))
            let expected = whole.rows.filter { $0.ts > from && $0.ts <= to ?? .max }
            #expect(slice.rows == expected, "seed \(seed): rows from \(from) to \(to ?? .max)")
            if let keyframe = slice.summary.keyframe {
                started += 1
                #expect(keyframe.time <= from)
            }
            if to == nil {
                #expect(slice.summary.counts == whole.summary.counts, "seed \(seed): counts from \(from)")
                #expect(
                    slice.summary.synchronizer == whole.summary.synchronizer,
                    "seed \(seed): from \(from)"
                )
                #expect(
                    slice.summary.missingFrames == whole.summary.missingFrames,
                    "seed \(seed): from \(from)"
                )
                #expect(
                    slice.summary.stepsBack == whole.summary.stepsBack
                        && slice.summary.gaps == whole.summary.gaps
                )
                #expect(slice.summary.span?.first == span.first && slice.summary.span?.last == span.last)
            }
        }
        return started
    }

    /// Real frames beside the project.
    private static let real = URL(filePath: #filePath)
        .appending(path: "../../../../shared/recordings/bybit/v5-linear-SOLUSDT-DOGEUSDT-20260809.jsonl.zst")
        .standardized.path()

    @Test(
        "rows from 210 random times on are those of the whole replay: real frames",
        .enabled(if: FileManager.default.fileExists(atPath: real), "no recordings"),
        // Nobody was liquidated in them.
        arguments: ClockMode.allCases.filter { $0 != .liquidationDriven }
    )
    func realFrames(clock: ClockMode) throws {
        let seed = UInt64.random(in: 0 ... .max)
        let path = try SessionFiles.imported(
            KeyframeTests.real,
            exchange: "bybit",
            market: .linear,
            named: "real.mcap",
            in: folder
        )
        let rows = SynchronizerOptions(clock: clock)
        #expect(try make([path], rows).allSatisfy { $0.count > 5 && $0.problem == nil })
        let started = try compare([path], rows, times: 70, seed: seed)
        #expect(started > 30, "seed \(seed): \(started) began at a keyframe")
    }

    @Test("and from 200 of a session with faults over four files", arguments: ClockMode.allCases)
    func chains(clock: ClockMode) throws {
        let seed = UInt64.random(in: 0 ... .max)
        let (paths, rows) = (try chain(), SynchronizerOptions(clock: clock))
        #expect(try make(paths, rows).allSatisfy { $0.count > 2 && $0.problem == nil })
        let started = try compare(paths, rows, times: 50, seed: seed)
        #expect(started > 20, "seed \(seed): \(started) began at a keyframe")
    }

    private static let plans: [SynchronizerOptions] = {
        var plans = [
            SynchronizerOptions(clock: .tradeDriven, timeBasis: .exchange, watermarkDelay: 500_000_000),
            SynchronizerOptions(clock: .external, period: 1_000_000_000, timeBasis: .exchange),
            SynchronizerOptions(clock: .orderbookDriven, period: 50_000_000, maxGapFill: 4),
            SynchronizerOptions(clock: .tradeDriven, depth: 3),
            SynchronizerOptions(clock: .orderbookDriven),
        ]
        plans[3].bars = .tick(20)
        plans[4].sampling = .event
        plans[2].scope = .global
        return plans
    }()

    @Test(
        "and of other plans: hold-back, exchange time, bars, events, one clock for all",
        arguments: plans.indices
    )
    func otherPlans(index: Int) throws {
        let seed = UInt64.random(in: 0 ... .max)
        let (paths, rows) = (try chain(3), KeyframeTests.plans[index])
        try make(paths, rows)
        let started = try compare(paths, rows, times: 40, seed: seed)
        #expect(started > 20, "seed \(seed): \(started) began at a keyframe")
    }

    @Test("a bar that only the end of the data closes is in the slice of its time")
    func lastBar() throws {
        let (paths, rows) = (try chain(3), KeyframeTests.plans[3])
        let whole = try run(paths, options(rows))
        let (from, to): (Int64, Int64) = (1_772_452_914_735_406_268, 1_772_452_915_452_023_284)
        let expected = whole.rows.filter { $0.ts > from && $0.ts <= to }
        // Its instrument has no later trades, while those of others close bars beyond the slice.
        try #require(expected.contains { $0.ts == 1_772_452_914_838_763_481 })
        #expect(try run(paths, options(rows, from: from, to: to)).rows == expected)
    }

    // MARK: - What is read

    @Test("what lies before a keyframe is not read, but for the file's first chunk")
    func unread() throws {
        let path = try sample()
        try make([path])
        let whole = try run([path], options(SynchronizerOptions()))
        let span = try #require(whole.summary.span)
        let from = span.first + (span.last - span.first) * 3 / 4
        let keyframe = try #require(
            try run([path], options(SynchronizerOptions(), from: from)).summary.keyframe
        )
        let expected = whole.rows.filter { $0.ts > from }

        // The bytes of chunks between the first and the keyframe's are other ones, of the same length.
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let reader = try RecordingReader(path: path)
        var offsets: [Int] = []
        while try reader.advance(), reader.receiveTime <= keyframe.time {
            let chunk = Int(try #require(reader.place).chunk)
            if offsets.last != chunk { offsets.append(chunk) }
        }
        try #require(offsets.count > 4)
        for index in offsets[1]..<offsets[offsets.count - 1] { bytes[index] = 0 }
        try Data(bytes).write(to: URL(filePath: path))
        #expect(try run([path], options(SynchronizerOptions(), from: from)).rows == expected)
        // Read from the first frame on, they are missed.
        try FileManager.default.removeItem(atPath: KeyframeFile.path(of: path))
        #expect(try run([path], options(SynchronizerOptions(), from: from)).summary.hasDamage)
    }

    // MARK: - What is not used

    private struct Case {
        var path: String
        var from: Int64
        var expected: [Collector.Entry]
    }

    private func prepared() throws -> Case {
        let path = try sample()
        try make([path])
        let whole = try run([path], options(SynchronizerOptions()))
        let span = try #require(whole.summary.span)
        let from = span.first + (span.last - span.first) * 3 / 4
        let expected = whole.rows.filter { $0.ts > from }
        #expect(try run([path], options(SynchronizerOptions(), from: from)).summary.keyframe != nil)
        return Case(path: path, from: from, expected: expected)
    }

    @Test("damaged and truncated files cost time, never rows")
    func damaged() throws {
        let prepared = try prepared()
        let file = KeyframeFile.path(of: prepared.path)
        let sound = [UInt8](try Data(contentsOf: URL(filePath: file)))
        var random = SeededGenerator(state: 5)
        var unused = 0
        for number in 0..<80 {
            var bytes = sound
            if number < 20 {
                bytes.removeLast(Int.random(in: 1..<sound.count, using: &random))
            } else {
                // In the last keyframes, in the index, anywhere.
                let low = [0, sound.count / 2, sound.count - 3_000][number % 3]
                bytes[Int.random(in: low..<sound.count, using: &random)] ^= UInt8.random(
                    in: 1...255,
                    using: &random
                )
            }
            try Data(bytes).write(to: URL(filePath: file))
            let found = try run([prepared.path], options(SynchronizerOptions(), from: prepared.from))
            #expect(found.rows == prepared.expected, "change \(number)")
            if found.summary.keyframe == nil { unused += 1 }
        }
        #expect(unused > 20)
    }

    @Test("keyframes of another recording, plan, or stream_state, and missing ones, are not used")
    func foreign() throws {
        let prepared = try prepared()
        let file = KeyframeFile.path(of: prepared.path)
        let sound = try Data(contentsOf: URL(filePath: file))
        let check = { (what: String) in
            let found = try run([prepared.path], options(SynchronizerOptions(), from: prepared.from))
            #expect(found.rows == prepared.expected && found.summary.keyframe == nil, "\(what)")
        }
        try FileManager.default.removeItem(atPath: file)
        try check("missing")

        let other = try SessionFiles.simulated(frames: 2_000, seed: 3, named: "other.mcap", in: folder)
        try make([other])
        try FileManager.default.copyItem(atPath: KeyframeFile.path(of: other), toPath: file)
        try check("another recording")

        try make([prepared.path], SynchronizerOptions(period: 200_000_000), force: true)
        try check("another period")

        try sound.write(to: URL(filePath: file))
        let keyframes = try KeyframeFile(path: file)
        for (key, value) in [
            ("stream_state", "999"), ("size", "1"), ("files", "00"), ("recording", "x.mcap"),
        ] {
            let output = try ByteOutput(path: file)
            let writer = try KeyframeWriter(output, facts: keyframes.facts.merging([key: value]) { $1 })
            try sound.write(to: URL(filePath: file))
            for one in keyframes.keyframes {
                try writer.add(
                    keyframes.parts(of: one),
                    time: one.time,
                    rowsThrough: one.rowsThrough,
                    frames: one.frames
                )
            }
            try writer.finish()
            try output.finish(replacing: true)
            try check(key)
        }

        // A recording of the same name and session that has grown.
        try sound.write(to: URL(filePath: file))
        #expect(
            try run([prepared.path], options(SynchronizerOptions(), from: prepared.from)).summary.keyframe
                != nil
        )
        let longer = try SessionFiles.split(prepared.path, into: 1, named: "longer", in: folder)[0]
        try FileManager.default.removeItem(atPath: prepared.path)
        try FileManager.default.moveItem(atPath: longer, toPath: prepared.path)
        try check("grown")
    }

    @Test("other sets of files read from the beginning; files behind change nothing")
    func otherSets() throws {
        let paths = try chain()
        try make(paths)
        let rows = SynchronizerOptions()
        let other = try SessionFiles.simulated(frames: 500, seed: 3, named: "other.mcap", in: folder)
        for (set, isUsed) in [
            (paths, true), (Array(paths.reversed()), true), (Array(paths[...2]), true),
            (Array(paths[1...]), false), (paths + [other], false),
            // Those of its first file still are of it.
            ([paths[0], paths[2], paths[3]], true),
        ] {
            let whole = try run(set, options(rows))
            let span = try #require(whole.summary.span)
            let from = span.first + (span.last - span.first) * 7 / 8
            let found = try run(set, options(rows, from: from))
            #expect(found.rows == whole.rows.filter { $0.ts > from })
            #expect((found.summary.keyframe != nil) == isUsed, "\(set)")
            if set.count == 3, set[0] == paths[0], set[1] == paths[2] {
                #expect(found.summary.keyframe?.path == KeyframeFile.path(of: paths[0]))
            }
        }
    }

    // MARK: - Making

    @Test("equal runs give equal bytes, also where the first files have theirs already")
    func equalBytes() throws {
        let paths = try chain()
        let read = { try paths.map { try Data(contentsOf: URL(filePath: KeyframeFile.path(of: $0))) } }
        #expect(try make(paths).allSatisfy { !$0.wasKept && $0.problem == nil })
        let first = try read()
        #expect(try make(paths).allSatisfy { $0.wasKept })
        #expect(try make(paths, force: true).allSatisfy { !$0.wasKept })
        #expect(try read() == first)
        for path in paths[2...] { try FileManager.default.removeItem(atPath: KeyframeFile.path(of: path)) }
        #expect(try make(paths).map(\.wasKept) == [true, true, false, false])
        #expect(try read() == first)
        // Of another interval, or behind another keyframe, they are made anew.
        #expect(try make(paths, every: 3).allSatisfy { !$0.wasKept })
        #expect(try read() != first)
    }

    @Test("a damaged or torn recording has none, nor have those behind it")
    func problems() throws {
        let paths = try chain()
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: paths[1])))
        bytes[bytes.count / 2] ^= 0x55
        try Data(bytes).write(to: URL(filePath: paths[1]))
        let made = try make(paths)
        #expect(made[0].problem == nil && made[0].count > 0)
        for one in made[1...] {
            #expect(one.problem != nil && one.count == 0)
            #expect(!FileManager.default.fileExists(atPath: one.path))
            #expect(!FileManager.default.fileExists(atPath: one.path + ".new"))
        }
        try Data(bytes.prefix(bytes.count / 2)).write(to: URL(filePath: paths[1]))
        #expect(try make(paths).map { $0.problem == nil } == [true, false, false, false])
    }
}

/// Numbers that follow from a seed (SplitMix64).
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
