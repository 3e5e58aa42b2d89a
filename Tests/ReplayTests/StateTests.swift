import ByteCoding
import Exchanges
import Foundation
import Recording
import Testing

@testable import MarketModel
@testable import Pipeline
@testable import Replay
@testable import Rows
@testable import Synchronizer

/// The state of a replay that is cut, on the recordings of the package.
@Suite("States of replays")
struct StateTests {
    private static let samples = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Recordings")

    /// The package's samples as recordings, one session each.
    static let recordings: [String] = (try? imported()) ?? []

    private static func imported() throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "states-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return try ["bybit-linear", "coinbase", "kraken"].map { name in
            let exchange = String(name.prefix { $0 != "-" })
            let market: Market = exchange == "bybit" ? .linear : .spot
            let rules = ImportRules(
                exchange: exchange,
                protocolID: "",
                markets: [market],
                venueTime: { _ in nil },
                makeProbe: { nil }
            )
            let session = ImportSession(rules: rules, subscribed: .trades)
            try session.add(path: samples.appending(path: "\(name).jsonl.gz").path())
            let output = try ByteOutput(path: folder.appending(path: "\(name).mcap").path())
            // Many chunks, so that cuts lie in all of them.
            try session.write(to: output, compression: .zstd, chunkSize: 1 << 15)
            try output.finish(replacing: true)
            return output.name
        }
    }

    private func options(_ clock: ClockMode = .tradeDriven) -> ReplayOptions {
        var options = ReplayOptions(synchronizer: SynchronizerOptions(clock: clock))
        options.keepsLevels = true
        return options
    }

    private func replay(_ options: ReplayOptions, frames: Int) throws -> Replay {
        var replay = try Replay(paths: StateTests.recordings, options: options, into: DiscardingSink())
        while try replay.run(stopAfter: frames) {}
        return replay
    }

    @Test("a state goes on as the replay that was not cut", arguments: ClockMode.allCases)
    func goesOn(clock: ClockMode) throws {
        try #require(!StateTests.recordings.isEmpty)
        var whole = try replay(options(clock), frames: .max)
        let frames = whole.frames
        let expected = try whole.finish()
        for cut in [0, 1, frames / 3, frames * 2 / 3, frames] {
            var first = try replay(options(clock), frames: cut)
            let state = try first.state()
            var second = try Replay(
                paths: StateTests.recordings.reversed(),
                options: options(clock),
                into: DiscardingSink()
            )
            try second.resume(from: state)
            #expect(try second.state() == state, "cut after \(cut) frames")
            while try second.run(limit: 1_000) {}
            let found = try second.finish()
            #expect(found.digest == expected.digest, "cut after \(cut) frames")
            #expect(found.contentDigest == expected.contentDigest, "cut after \(cut) frames")
            #expect(found.counts == expected.counts && found.synchronizer == expected.synchronizer)
        }
    }

    @Test("each stored field is in the state, or in the list with the reason why not")
    func completeness() throws {
        var replay = try replay(options(), frames: 4_000)
        var (parts, positions) = (StateParts(), [SourcePosition]())
        parts.trace = StateTrace()
        try replay.code(&parts, &positions)
        var visits = try #require(parts.trace?.visits)
        let synchronizer = replay.lane.pipeline.synchronizer
        let state = try #require(synchronizer.states.first)
        // Of these the list names every field: they go to several parts.
        let spread: [Any] = [
            replay, replay.lane, replay.connections, replay.merge, replay.filter, replay.lane.pipeline,
            replay.lane.pipeline.host,
            replay.lane.pipeline.host.reducer, synchronizer,
        ]
        for value in spread { visits.append(visit(of: value, coded: [])) }
        // The fields of these are among those of a part.
        let waiting = try #require(visits.first { $0.type == "WaitingRows" }).coded
        for value in [state, state.book, child("history", of: state.book)] as [Any] {
            visits.append(visit(of: value, coded: waiting))
        }
        for connection in replay.lane.pipeline.connections {
            var (decoder, part) = (DecoderState(decoder: connection.decoder), StateParts())
            part.trace = StateTrace()
            try part.part("/decoder", &decoder)
            let coded = part.trace?.visits.first { $0.type == "DecoderState" }?.coded ?? []
            visits.append(visit(of: connection.decoder, coded: coded))
        }
        var named: Set<String> = []
        for visit in visits {
            let type = String(visit.type.prefix { $0 != "<" })
            let listed = StateFields.reasons.keys.filter { $0.hasPrefix("\(type).") }
            named.formUnion(listed.filter { key in visit.stored.contains { "\(type).\($0)" == key } })
            for field in visit.stored where !visit.coded.contains(field) {
                #expect(StateFields.reasons["\(type).\(field)"] != nil, "\(type).\(field) is forgotten")
            }
        }
        let types = Set(visits.map { String($0.type.prefix { $0 != "<" }) })
        for key in StateFields.reasons.keys where types.contains(String(key.prefix { $0 != "." })) {
            #expect(named.contains(key), "\(key) is no stored field any more")
        }
        #expect(visits.count > 500)
    }

    private func visit(of value: Any, coded: [String]) -> StateTrace.Visit {
        let stored = Mirror(reflecting: value).children.compactMap(\.label)
        return StateTrace.Visit(type: "\(type(of: value))", stored: stored, coded: coded)
    }

    private func child(_ name: String, of value: Any) -> Any {
        Mirror(reflecting: value).children.first { $0.label == name }?.value ?? ()
    }

    @Test("another value of any field is another state, or refused")
    func mutations() throws {
        var replay = try replay(options(.orderbookDriven), frames: 3_000)
        let parts = try replay.state()
        var tried: Set<String> = []
        for (number, part) in parts.enumerated() {
            for (path, bytes) in try leaves(of: part, number, replay) where !bytes.isEmpty {
                // One of each field: that of the first element, instrument and connection.
                let kind = part.name.split(separator: "/").last.map(String.init) ?? ""
                guard tried.insert("\(kind) \(path.dropFirst(part.name.count))").inserted else { continue }
                for change in [1, 0x80] as [UInt8] {
                    var other = parts
                    other[number].bytes[bytes.lowerBound] ^= change
                    var read = try Replay(
                        paths: StateTests.recordings,
                        options: options(.orderbookDriven),
                        into: DiscardingSink()
                    )
                    var (reading, positions) = (StateParts(reading: other), [SourcePosition]())
                    guard (try? read.code(&reading, &positions)) != nil else { continue }
                    if part.name == "/position" { continue }
                    let written = try read.state()[number]
                    #expect(written != part, "\(part.name) \(path)")
                }
            }
        }
        #expect(tried.count > 120, "\(tried.count) fields")
    }

    /// Where the values of a part lie in its bytes, whose first says its version.
    private func leaves(
        of part: StatePart,
        _ number: Int,
        _ replay: Replay
    ) throws -> [(path: String, bytes: Range<Int>)] {
        var (replay, parts, positions) = (replay, StateParts(), replay.merge.positions)
        parts.trace = StateTrace()
        try replay.code(&parts, &positions)
        return parts.trace?.leaves.filter { $0.path.hasPrefix(part.name) } ?? []
    }

    @Test("a state of other recordings, options or another form is refused by name")
    func refusals() throws {
        var replay = try replay(options(), frames: 500)
        let state = try replay.state()
        let read = { (parts: [StatePart], paths: [String], digests: Bool) throws in
            var options = options()
            options.digests = digests
            var other = try Replay(paths: paths, options: options, into: DiscardingSink())
            try other.resume(from: parts)
        }
        let paths = StateTests.recordings
        #expect(throws: ReplayError.state(.unknownPart("/digest"))) { try read(state, paths, false) }
        #expect(throws: ReplayError.state(.missingPart("/digest"))) {
            try read(state.dropLast(), paths, true)
        }
        #expect(throws: ReplayError.self) { try read(state, Array(paths.dropLast()), true) }
        var changed = state
        changed[2].bytes[0] = 9
        #expect(throws: ReplayError.state(.version(part: state[2].name, found: 9, expected: 1))) {
            try read(changed, paths, true)
        }
    }
}
