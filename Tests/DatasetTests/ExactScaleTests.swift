import Foundation
import MarketModel
import Testing

@testable import Dataset

/// Sums of parts, merged in any order, and mean and deviation against fractions (`ATELIER_PYTHON`).
@Suite
struct ExactScaleTests {
    /// Values of one kind: everyday, of any exponent, cancelling, subnormal, or around the greatest double.
    private func values(_ random: inout SeededRandom) -> [Double] {
        let kind = Int.random(in: 0..<6, using: &random)
        let base = Double.random(in: 1e4...1e5, using: &random)
        var values = (0..<Int.random(in: 1...60, using: &random)).map { _ -> Double in
            let unit = Double.random(in: -1...1, using: &random)
            switch kind {
            case 0: return base + unit
            case 1:
                return Double(
                    sign: .plus,
                    exponent: Int.random(in: -1074...1023, using: &random),
                    significand: unit
                )
            case 2: return base + unit * 1e-9
            case 3: return unit * 0x1p-1060
            case 4: return unit * .greatestFiniteMagnitude
            default: return unit * 0x1p-1020
            }
        }
        if random.chance(30) { values += values.map { -$0 } + [.leastNonzeroMagnitude] }
        if random.chance(10) { values = values.map { _ in values[0] } }
        return values
    }

    private func moments(_ values: some Sequence<Double>) -> Moments {
        var moments = Moments()
        for value in values { moments.add(value) }
        return moments
    }

    private func bytes(_ value: some StateCodable) throws -> [UInt8] {
        var (value, parts) = (value, StateParts())
        try parts.part("statistics", &value)
        return parts.parts[0].bytes
    }

    @Test
    func anyPartsInAnyOrderGiveTheSameBytes() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed)
        for _ in 0..<150 {
            let values = values(&random)
            let whole = moments(values)
            let pieces = Int.random(in: 1...7, using: &random)
            var parts = Array(repeating: [Double](), count: pieces)
            for value in values.shuffled(using: &random) {
                parts[Int.random(in: 0..<pieces, using: &random)].append(value)
            }
            var sum = Moments()
            for part in parts {
                // Through bytes, as from another process.
                var reader = StateParts(reading: [
                    StatePart(name: "statistics", bytes: try bytes(moments(part)))
                ])
                var read = moments([1, 2])
                try reader.part("statistics", &read)
                #expect(read == moments(part), "seed \(seed)")
                sum.merge(read)
            }
            #expect(try sum == whole && bytes(sum) == bytes(whole), "seed \(seed)")
            #expect(sum.mean.bitPattern == whole.mean.bitPattern, "seed \(seed)")
            #expect(sum.deviation.bitPattern == whole.deviation.bitPattern, "seed \(seed)")
        }
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["ATELIER_PYTHON"] != nil))
    func meanAndDeviationAreRoundedOnce() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = SeededRandom(seed)
        let greatest = Double.greatestFiniteMagnitude
        var lists = (0..<2000).map { _ in values(&random) }
        lists += [
            [greatest, -greatest], [greatest, greatest], [.leastNonzeroMagnitude, 0],
            [.leastNonzeroMagnitude, 3 * .leastNonzeroMagnitude],
        ]
        let folder = FileManager.default.temporaryDirectory.appending(path: "scales-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (source, target) = (folder.appending(path: "values"), folder.appending(path: "scales"))
        let text = lists.map { $0.map(hexadecimal).joined(separator: " ") + "\n" }.joined()
        try Data(text.utf8).write(to: source)
        let process = Process()
        process.executableURL = URL(filePath: ProcessInfo.processInfo.environment["ATELIER_PYTHON"] ?? "")
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Reference/dataset/exact_scales.py")
        process.arguments = [script.path(), source.path(), target.path()]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let lines = try String(contentsOf: target, encoding: .utf8).split(separator: "\n")
        try #require(lines.count == lists.count)
        for (values, line) in zip(lists, lines) {
            let moments = moments(values)
            let expected = line.split(separator: " ").compactMap { Double($0) }
            #expect([moments.mean, moments.deviation] == expected, "seed \(seed): \(values)")
        }
    }

    /// `±0x<digits>p<exponent>`, exact.
    private func hexadecimal(_ value: Double) -> String {
        let magnitude = value.magnitude
        let digits = String(UInt64(magnitude.isZero ? 0 : magnitude.significand * 0x1p52), radix: 16)
        return "\(value < 0 ? "-" : "")0x\(digits)p\(magnitude.isZero ? 0 : magnitude.exponent - 52)"
    }

    @Test(arguments: [NormalisationKind.zScore, .robust])
    func aTallyOfPartsIsTheTallyOfTheWhole(kind: NormalisationKind) throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed)
        for _ in 0..<12 {
            let rows = (0..<Int.random(in: 0...120, using: &random)).map { _ in
                var row = DatasetRow(features: 3)
                row.isPresent = (0..<3).map { _ in random.chance(80) }
                // The second is mostly 5, the third mostly 0 and of any size: all fallbacks occur.
                row.values = [
                    Double.random(in: 1...2, using: &random), random.chance(70) ? 5 : 9,
                    random.chance(90) ? 0 : Double.random(in: -1e300...1e300, using: &random),
                ]
                return row
            }
            var (whole, parted) = (ScaleFit(kind, features: 3), ScaleFit(kind, features: 3))
            while let none = whole.tally, let blank = parted.tally {
                var (all, parts, sum) = (none, [blank, blank, blank], blank)
                for row in rows {
                    all.add(row)
                    parts[Int.random(in: 0..<3, using: &random)].add(row)
                }
                for part in parts.shuffled(using: &random) {
                    var (read, reader) = (
                        blank, StateParts(reading: [StatePart(name: "statistics", bytes: try bytes(part))])
                    )
                    try reader.part("statistics", &read)
                    sum.merge(read)
                }
                #expect(try sum == all && bytes(sum) == bytes(all), "seed \(seed)")
                whole.end(with: all)
                parted.end(with: sum)
            }
            #expect(whole.tally == nil && parted.tally == nil && whole.scales?.count == 3)
            #expect(whole.scales == parted.scales, "seed \(seed)")
        }
    }

    @Test
    func damagedSumsAreRefused() throws {
        let good = try bytes(moments([1.5]))
        // The version, the count, the greatest value; then a sum: sign, place, number of bytes, bytes.
        for (place, byte) in [
            (0, 2), (8, 0xff), (16, 0x7f), (16, 0xff), (17, 2), (19, 0xff), (20, 0xff), (28, 0),
        ] {
            var bytes = good
            bytes[place] = UInt8(byte)
            if place == 16, byte == 0x7f { bytes[15] = 0xf0 }
            var (moments, reader) = (
                Moments(), StateParts(reading: [StatePart(name: "statistics", bytes: bytes)])
            )
            #expect(throws: StateError.self, "byte \(place)") { try reader.part("statistics", &moments) }
        }
        var (read, reader) = (ScaleFit(.zScore, features: 2).tally, StateParts())
        var tally = try #require(ScaleFit(.zScore, features: 3).tally)
        try reader.part("statistics", &tally)
        var other = StateParts(reading: reader.parts)
        #expect(throws: StateError.self) { try other.part("statistics", &read!) }
    }
}
