import Foundation
import MarketModel
import Testing

/// Logarithms against decimal arithmetic (`ATELIER_PYTHON`), and against what every machine must give.
@Suite struct NaturalLogarithmTests {
    private struct Case {
        var entry: ExactPrice
        var exit: ExactPrice
        var expected: UInt64

        init(_ line: Substring) throws {
            let fields = line.split(separator: " ")
            let price = { (text: Substring) throws -> ExactPrice? in
                if fields[0] == "n" {
                    return UInt64(text, radix: 16).flatMap { ExactPrice(Double(bitPattern: $0)) }
                }
                let pair = text.split(separator: "/")
                return ExactPrice(
                    bid: try FixedDecimal(String(pair[0])),
                    ask: try FixedDecimal(String(pair[1]))
                )
            }
            entry = try #require(try price(fields[1]))
            exit = try #require(try price(fields[2]))
            expected = try #require(UInt64(fields[3], radix: 16))
        }
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["ATELIER_PYTHON"] != nil))
    func `every logarithm is the nearest double`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(filePath: ProcessInfo.processInfo.environment["ATELIER_PYTHON"] ?? "")
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "logarithms.py")
        process.arguments = [script.path(), "\(seed)", "100000"]
        process.standardOutput = output
        try process.run()
        let lines = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        var (count, wrong) = (0, [Substring]())
        for line in lines.split(separator: "\n") {
            let one = try Case(line)
            let found = NaturalLogarithm.of(ExactReturn(from: one.entry, to: one.exit))
            if found.bitPattern != one.expected { wrong.append(line) }
            count += 1
        }
        #expect(
            count == 100_000 && wrong.isEmpty,
            "seed \(seed): \(wrong.count), such as \(wrong.first ?? "")"
        )
    }

    @Test func `another machine gives the same bits`() {
        // The generator and the digest are written out: neither may depend on a library.
        var (state, digest): (UInt64, UInt64) = (20_261_201, 0xcbf2_9ce4_8422_2325)
        func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
            return mixed ^ mixed >> 31
        }
        for round in 0..<20_000 {
            let entry = Int64(next() >> (2 + next() % 50)) + 1
            let reach = next() % 40
            let exit = round % 5 == 0 ? Int64(next() >> (2 + next() % 50)) + 1 : entry + entry >> reach
            var bits = NaturalLogarithm.of(.narrow(change: exit - entry, entry: entry)).bitPattern
            for _ in 0..<8 {
                digest = (digest ^ bits & 0xff) &* 0x100_0000_01b3
                bits >>= 8
            }
        }
        #expect(digest == 4_327_101_002_339_206_224)
    }

    @Test func `edges have their values`() throws {
        let logarithm = { (entry: Double, exit: Double) throws -> Double in
            let (entry, exit) = (try #require(ExactPrice(entry)), try #require(ExactPrice(exit)))
            return NaturalLogarithm.of(ExactReturn(from: entry, to: exit))
        }
        let (least, greatest) = (Double.leastNonzeroMagnitude, Double.greatestFiniteMagnitude)
        #expect(try logarithm(7, 7).bitPattern == 0)
        #expect(try logarithm(1, 2) == 0x1.62e42fefa39efp-1 && logarithm(2, 1) == -0x1.62e42fefa39efp-1)
        #expect(try logarithm(least, 2 * least) == 0x1.62e42fefa39efp-1)
        #expect(try logarithm(1, least) == -0x1.74385446d71c3p+9)
        #expect(try logarithm(1, greatest) == 0x1.62e42fefa39efp+9)
        #expect(try logarithm(least, greatest) == 0x1.6b8e421b3d5d9p+10)
        #expect(try logarithm(1, 1.0.nextUp) == 0x1.fffffffffffffp-53)
        #expect(try logarithm(1, 1.0.nextDown) == -0x1p-53)
        // Prices that are none have no return.
        for none in [0, -1, .nan, .infinity, -.infinity, -least] { #expect(ExactPrice(none) == nil) }
    }
}
