import Foundation
import Glibc
import Testing

/// The recorder is killed at random moments: every file recovers, nothing is duplicated or out of order,
/// and only the last moments before the kill are missing.
///
/// `ATELIER_KILLS` sets the number of rounds.
@Suite("Kill -9", .enabled(if: Python.any != nil), .timeLimit(.minutes(20)))
struct KillTests {
    private let folder: Scratch
    private static let rounds = ProcessInfo.processInfo.environment["ATELIER_KILLS"].flatMap { Int($0) } ?? 10

    init() throws { folder = try Scratch() }

    /// The numbers of the trades in a file, in order, and when each was received.
    private func trades(_ path: String) throws -> [(number: Int, time: Int64)] {
        let run = try AtelierProcess(["cat", path, "--json"], in: folder)
        #expect(run.code == 0, "\(run.errors)")
        return try run.lines.compactMap { line in
            guard let text = line["text"] as? String, let start = text.range(of: "\"i\":\"") else {
                return nil
            }
            let number = try #require(Int(text[start.upperBound...].prefix { $0 != "\"" }))
            return (number, try #require(Int64(line["log_time_ns"] as? String ?? "")))
        }
    }

    private func wallTime() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    @Test("every file recovers, and what is lost is younger than a flush and said to be")
    func loop() throws {
        // Numbered over all connections: one server, many recorders.
        let server = try HostileServer("good", ["--frames", "1000000", "--rate", "2000"], in: folder)
        var generator = SystemRandomNumberGenerator()
        var before = 0
        for round in 0..<Self.rounds {
            let log = folder.file("log\(round)")
            let recorder = try RunningProcess(
                AtelierProcess.binary,
                [
                    "record", "--out", log, "--exchange", "bybit", "--symbols", "BTCUSDT", "--kinds",
                    "trades",
                    "--endpoint", "ws://127.0.0.1:\(server.port)/", "--rotate-size", "65536", "--compression",
                    round % 2 == 0 ? "zstd" : "none",
                ],
                in: folder
            )
            usleep(UInt32.random(in: 800_000...2_500_000, using: &generator))
            let killed = wallTime()
            #expect(recorder.stop(SIGKILL) == -SIGKILL)
            before = try check(log, after: before, killed: killed)
        }
    }

    /// Recovers what a killed recorder left; the last number it logged.
    private func check(_ log: String, after before: Int, killed: Int64) throws -> Int {
        let names = try FileManager.default.contentsOfDirectory(atPath: log).sorted()
        let partial = try #require(names.last { $0.hasSuffix(".partial") })
        #expect(names.count { $0.hasSuffix(".partial") } == 1)
        let whole = "\(log)/recovered.mcap"
        let run = try AtelierProcess(["recover", "\(log)/\(partial)", "--out", whole], in: folder)
        // Sound to its last chunk, but without an end, which is reported as damage. A kill between the end
        // of a file and its renaming leaves it complete.
        let info = try AtelierProcess(["info", "\(log)/\(partial)", "--json"], in: folder)
        let isWhole = try #require(info.json["complete"] as? Bool)
        #expect(run.code == (isWhole ? 0 : 3), "\(run.output) \(run.errors)")
        #expect(try AtelierProcess(["verify", whole], in: folder).code == 0)
        var logged: [(number: Int, time: Int64)] = []
        for name in names where name.hasSuffix(".mcap") { logged += try trades("\(log)/\(name)") }
        logged += try trades(whole)
        let numbers = logged.map(\.number)
        guard let first = numbers.first, let last = logged.last else { return before }
        #expect(first > before)
        #expect(numbers == Array(first...last.number))
        // A chunk is closed when it is a second old; the rest is slack for a busy machine.
        #expect(killed - last.time < 4_000_000_000)
        return last.number
    }
}
