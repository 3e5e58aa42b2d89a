import ByteCoding
import Foundation
import MCAP
import Recording
import Testing

/// A thousand damaged files: nothing hangs or grows, intact parts are kept, the report adds up and the
/// result is sound.
@Suite struct TornFileTests {
    private static let folder = FileManager.default.temporaryDirectory.path()

    /// How many files; more by the environment variable `TORN_FILES`.
    private static let count =
        ProcessInfo.processInfo.environment["TORN_FILES"].flatMap { UInt64($0) } ?? 1_000

    @Test(arguments: UInt64(0)..<10)
    func `torn files are recovered to sound ones`(part: UInt64) throws {
        let paths = try Paths()
        for seed in part * Self.count / 10..<(part + 1) * Self.count / 10 {
            let torn = try TornFile(seed: seed)
            let note = "seed \(seed): \(torn.story.joined(separator: ", "))"
            try Data(torn.bytes).write(to: URL(filePath: paths.torn))
            let output = ByteOutput()
            let recovery = try RecordingRecovery(of: paths.torn, to: output)
            let sound = output.takeBytes()
            try Data(sound).write(to: URL(filePath: paths.sound))
            checkReport(recovery, torn, note)
            try checkFrames(recovery, sound, torn, note)
            #expect(sound.count < 3 * torn.bytes.count + 20_000, "\(note)")
        }
    }

    /// Bytes kept and lost add up to the file; losses are within it and in order.
    private func checkReport(_ recovery: RecordingRecovery, _ torn: TornFile, _ note: String) {
        let size = UInt64(torn.bytes.count)
        #expect(recovery.bytesKept + recovery.bytesLost == size, "\(note)")
        #expect(recovery.bytesLost == recovery.losses.reduce(0) { $0 + $1.bytes }, "\(note)")
        var end: UInt64 = 0
        for loss in recovery.losses where loss.bytes > 0 {
            #expect(loss.offset >= end && loss.offset + loss.bytes <= size, "\(note): \(recovery.losses)")
            end = loss.offset + loss.bytes
        }
        let areKnown = recovery.losses.allSatisfy { $0.frames != nil }
        if areKnown, recovery.isComplete, !torn.isRearranged {
            let lost = recovery.losses.reduce(0) { $0 + ($1.frames ?? 0) }
            #expect(recovery.frames + lost == UInt64(torn.total), "\(note): \(recovery.losses)")
        }
    }

    /// Every frame of an intact chunk is kept, nothing is added, and the file is sound.
    private func checkFrames(
        _ recovery: RecordingRecovery,
        _ sound: [UInt8],
        _ torn: TornFile,
        _ note: String
    ) throws {
        let reader = try RecordingReader(bytes: sound.span.bytes)
        var found: [Int] = []
        while try reader.advance() {
            let text = reader.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
            let index = Int(reader.logTime - 1_000)
            #expect(text == TornFile.text(index), "\(note)")
            found.append(index)
        }
        #expect(reader.isComplete && !reader.isDamaged, "\(note)")
        #expect(recovery.frames == UInt64(found.count), "\(note)")
        var left = found[...]
        for index in torn.wholeFrames {
            let position = left.firstIndex(of: index)
            #expect(position != nil, "\(note): frame \(index) of a whole chunk is gone")
            guard let position else { break }
            left = left[(position + 1)...]
        }
        let problems = try FileCheck(checking: ByteInput(bytes: sound.span.bytes)).problems
        #expect(problems == [], "\(note)")
    }

    @Test func `a check finds whatever happened`() throws {
        let paths = try Paths()
        for seed in UInt64(0)..<150 {
            let torn = try TornFile(seed: seed)
            let note = "seed \(seed): \(torn.story.joined(separator: ", "))"
            try Data(torn.bytes).write(to: URL(filePath: paths.torn))
            var check = RecordingCheck()
            try check.add(path: paths.torn)
            let summary = try RecordingSummary(reading: paths.torn)
            let isNamed = check.problemCount > 0
            #expect(isNamed || !torn.story.contains { !$0.hasPrefix("record") }, "\(note)")
            #expect(isNamed || !summary.isDamaged, "\(note)")
            let output = ByteOutput()
            _ = try RecordingRecovery(of: paths.torn, to: output)
            try Data(output.takeBytes()).write(to: URL(filePath: paths.sound))
            var second = RecordingCheck()
            try second.add(path: paths.sound)
            second.compareFiles()
            #expect(torn.isRearranged || second.problems == [], "\(note)")
        }
    }

    /// Two files that are removed with the test.
    private final class Paths {
        let torn = "\(TornFileTests.folder)/\(UUID().uuidString)-torn.mcap"
        let sound = "\(TornFileTests.folder)/\(UUID().uuidString)-sound.mcap"

        init() throws {}

        deinit {
            for path in [torn, sound] { try? FileManager.default.removeItem(atPath: path) }
        }
    }
}
