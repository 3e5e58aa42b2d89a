import Features
import Foundation
import Glibc
import MarketFiles
import MarketModel
import Parquet
import Rows
import Synchronizer
import Testing

@testable import Sinks

/// A folder that can be made to refuse market files: by a file in the way, or by a full file system.
private final class Disk {
    enum Fault: CaseIterable {
        case blockedFolder
        case full
    }

    let path: String
    private let fault: Fault

    /// Mounting a file system needs the superuser.
    static let canMount = getuid() == 0

    init(_ fault: Fault) throws {
        self.fault = fault
        path = FileManager.default.temporaryDirectory.appending(path: "sink-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        if fault == .full { try Disk.run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", path) }
    }

    deinit {
        if fault == .full { try? Disk.run("umount", "-l", path) }
        try? FileManager.default.removeItem(atPath: path)
    }

    private static func run(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.featureUnsupported) }
    }

    func fail() throws {
        switch fault {
        case .blockedFolder:
            // Existing files move out of the way.
            if FileManager.default.fileExists(atPath: "\(path)/aggregates") {
                try FileManager.default.moveItem(atPath: "\(path)/aggregates", toPath: "\(path)/aside")
            }
            try Data().write(to: URL(filePath: "\(path)/aggregates"))
        case .full:
            // As long as it takes.
            let fill = fopen("\(path)/fill", "w")
            while fwrite([UInt8](repeating: 1, count: 4096), 4096, 1, fill) == 1, fflush(fill) == 0 {}
            fclose(fill)
        }
    }

    func heal() throws {
        let name = fault == .full ? "fill" : "aggregates"
        try FileManager.default.removeItem(atPath: "\(path)/\(name)")
        if fault == .blockedFolder, FileManager.default.fileExists(atPath: "\(path)/aside") {
            try FileManager.default.moveItem(atPath: "\(path)/aside", toPath: "\(path)/aggregates")
        }
    }

    private func files(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted()
            .map { "\(path)/\(folder)/\($0)" }
    }

    /// The row numbers in the files of aggregates, and in those of trades.
    func rows() throws -> (aggregates: [Int64], trades: [Int64]) {
        var (aggregates, trades): ([Int64], [Int64]) = ([], [])
        for file in try files("aggregates") {
            let reader = try MarketFileReader<AggregateRecord>(path: file)
            while let records = try reader.next() { aggregates += records.map { $0.ts / UnixTime.second } }
        }
        for file in try files("trades") {
            let reader = try MarketFileReader<TradeRecord>(path: file)
            while let records = try reader.next() {
                trades += records.compactMap { $0.id.flatMap(Int64.init) }
            }
        }
        return (aggregates.sorted(), trades.sorted())
    }

    /// The lost rows that the files of aggregates state.
    func lossesTold() throws -> [String] {
        try files("aggregates").flatMap { path in
            try ParquetReader(path: path).metadata.keyValues.filter { $0.key.hasPrefix("rows_lost") }
                .map { "\($0.key)=\($0.value ?? "")" }
        }
    }
}

@Suite("Parquet sink")
struct ParquetSinkTests {
    private static let instrument = Instrument(exchange: "bybit", market: .linear, symbol: "BTCUSDT")

    /// Row `number`, with one trade of that id.
    private func write(_ number: Int64, to sink: ParquetSink) throws {
        let (snapshot, row) = try make(number)
        try sink.write(Row(snapshot, row, of: Self.instrument))
    }

    private func make(_ number: Int64) throws -> (MarketSnapshot, MarketAggregate) {
        let time = number * UnixTime.second
        var snapshot = MarketSnapshot(instrument: InstrumentIndex(0), ts: time, tsAvailable: time)
        let trade = Trade(
            instrument: InstrumentIndex(0),
            side: .buy,
            price: try FixedDecimal("\(number).5"),
            size: try FixedDecimal("1.25"),
            id: TradeID("\(number)") ?? .none,
            exchangeTime: time - 1,
            receiveTime: time - 1
        )
        snapshot.trades = [trade]
        return (snapshot, MarketAggregate(instrument: InstrumentIndex(0), ts: time, tsAvailable: time))
    }

    private static func limits(rows: Int = 10, memory: Int = 64 << 20) -> ParquetSink.Limits {
        var limits = ParquetSink.Limits()
        (limits.rows, limits.memory) = (rows, memory)
        return limits
    }

    private static var faults: [Disk.Fault] { Disk.canMount ? Disk.Fault.allCases : [.blockedFolder] }

    @Test("what the disk does not take waits, is tried again, and is whole afterwards", arguments: faults)
    private func retries(fault: Disk.Fault) throws {
        let disk = try Disk(fault)
        let sink = try ParquetSink(folder: disk.path, limits: Self.limits())
        for number in 1...12 { try write(Int64(number), to: sink) }
        #expect(try disk.rows().aggregates == Array(1...10))
        try disk.fail()
        try sink.flush(at: 1)
        for number in 13...55 { try write(Int64(number), to: sink) }
        #expect(sink.status.contains("45 rows waiting"), "\(sink.status)")
        // The next attempt is not yet due.
        try disk.heal()
        try sink.flush(at: UnixTime.second)
        #expect(sink.status.contains("45 rows waiting"), "\(sink.status)")
        try sink.flush(at: UnixTime.second + 1)
        #expect(sink.status.contains("5 rows waiting, 0 rows lost"), "\(sink.status)")
        try sink.finish()
        let rows = try disk.rows()
        #expect(rows.aggregates == Array(1...55) && rows.trades == Array(1...55))
        let notes = sink.drainNotes()
        #expect(notes.count == 2)
        #expect(notes.first?.contains("wait in memory") == true)
        #expect(notes.last?.contains("can be written again") == true)
        #expect(sink.drainNotes().isEmpty)
    }

    @Test(
        "when the memory is full, rows are lost, counted, and missed by the files that follow",
        arguments: faults
    )
    private func losses(fault: Disk.Fault) throws {
        let disk = try Disk(fault)
        let sink = try ParquetSink(folder: disk.path, limits: Self.limits(memory: 100_000))
        for number in 1...10 { try write(Int64(number), to: sink) }
        try disk.fail()
        try sink.flush(at: 1)
        var number: Int64 = 10
        while sink.lostRows < 100 {
            number += 1
            try write(number, to: sink)
        }
        let lost = (first: number - 99, last: number)
        try disk.heal()
        try sink.flush(at: 2 * UnixTime.second)
        for _ in 1...25 {
            number += 1
            try write(number, to: sink)
        }
        try sink.finish()
        let rows = try disk.rows()
        let expected = Array(1..<lost.first) + Array((lost.last + 1)...number)
        #expect(rows.aggregates == expected && rows.trades == expected)
        #expect(sink.lostRows == 100)
        let told = try disk.lossesTold()
        #expect(
            told == [
                "rows_lost_before=100", "rows_lost_first_ts=\(lost.first * UnixTime.second)",
                "rows_lost_last_ts=\(lost.last * UnixTime.second)",
            ]
        )
        let notes = sink.drainNotes().joined(separator: "\n")
        #expect(notes.contains("rows are lost from here on") && notes.contains("100 rows lost"), "\(notes)")
    }

    @Test("rows lost on the way to it are missing between files, and named by the next")
    func lostBefore() throws {
        let disk = try Disk(.blockedFolder)
        let sink = try ParquetSink(folder: disk.path, limits: Self.limits())
        for number in 1...3 { try write(Int64(number), to: sink) }
        try sink.lost(LostRows(after: LostRows(after: nil, 4 * UnixTime.second), 5 * UnixTime.second))
        for number in 6...7 { try write(Int64(number), to: sink) }
        try sink.finish()
        #expect(try disk.rows().aggregates == [1, 2, 3, 6, 7])
        #expect(
            try disk.lossesTold() == [
                "rows_lost_before=2", "rows_lost_first_ts=\(4 * UnixTime.second)",
                "rows_lost_last_ts=\(5 * UnixTime.second)",
            ]
        )
    }

    @Test("files are written when the time has come")
    func interval() throws {
        let disk = try Disk(.blockedFolder)
        var limits = ParquetSink.Limits()
        limits.interval = 10 * UnixTime.second
        let sink = try ParquetSink(folder: disk.path, limits: limits)
        try sink.flush(at: 5)
        try write(1, to: sink)
        try sink.flush(at: 5 + 9 * UnixTime.second)
        #expect(sink.status.contains("1 rows waiting"))
        try sink.flush(at: 5 + 10 * UnixTime.second)
        #expect(try disk.rows().aggregates == [1])
        try sink.finish()
    }

    @Test("what cannot be written at the end is an error that says how much")
    func end() throws {
        let disk = try Disk(.blockedFolder)
        let sink = try ParquetSink(folder: disk.path, limits: Self.limits())
        try disk.fail()
        for number in 1...25 { try write(Int64(number), to: sink) }
        #expect {
            try sink.finish()
        } throws: { error in
            "\(error)".contains("25 rows that waited are lost")
        }
        #expect(sink.lostRows == 25)
    }

    /// A fan-out whose third writer creates files below `root` with each row, and so can fail.
    private func failing(_ disk: Disk, root: String) throws -> (fan: SinkFanOut, sink: ParquetSink) {
        var made = 0
        let sink = try ParquetSink(folder: disk.path, limits: Self.limits()) {
            made += 1
            return made == 3 ? MarketFileWriter(root: root) : MarketFileWriter(inMemoryFor: disk.path)
        }
        return (SinkFanOut([sink]), sink)
    }

    private func feed(_ numbers: ClosedRange<Int64>, to fan: SinkFanOut) throws {
        for number in numbers {
            let (snapshot, row) = try make(number)
            fan.write(Row(snapshot, row, of: Self.instrument))
        }
    }

    @Test("rows that cannot be made into files are lost; files that waited when that happened are written")
    func brokenFiles() throws {
        let disk = try Disk(.blockedFolder)
        try disk.fail()
        let (fan, sink) = try failing(disk, root: "/dev/null")
        // Two batches wait for the folder, the third cannot begin.
        try feed(1...25, to: fan)
        #expect(fan.failures.count == 1)
        #expect(sink.status.contains("20 rows waiting"), "\(sink.status)")
        try disk.heal()
        fan.flush(at: 2 * UnixTime.second)
        fan.finish()
        let rows = try disk.rows()
        #expect(rows.aggregates == Array(1...20) && rows.trades == Array(1...20))
        #expect(fan.reports.map(\.lostRows) == [5])
        #expect(fan.failures.count == 1)
        let notes = fan.drainNotes()
        #expect(notes.contains { $0.contains("this sink gets no more rows") }, "\(notes)")
        #expect(notes.last?.contains("can be written again") == true, "\(notes)")
    }

    @Test("rows lost because their files could not be completed are counted once", arguments: [24, 30, 37])
    private func incompleteFiles(last: Int64) throws {
        let disk = try Disk(.blockedFolder)
        let root = "\(disk.path)/gone"
        let (fan, sink) = try failing(disk, root: root)
        try feed(1...23, to: fan)
        try FileManager.default.removeItem(atPath: root)
        if last > 23 { try feed(24...last, to: fan) }
        fan.finish()
        let rows = try disk.rows()
        #expect(rows.aggregates == Array(1...20) && rows.trades == Array(1...20))
        #expect(fan.reports.map(\.lostRows) == [UInt64(last - 20)], "\(sink.status)")
        #expect(fan.failures.first?.description.contains("in no file yet are lost") == true)
    }

    @Test("a folder that cannot be written is an error when the sink is made")
    func unusable() throws {
        let disk = try Disk(.blockedFolder)
        try disk.fail()
        for path in ["\(disk.path)/aggregates", "\(disk.path)/aggregates/rows", "/proc/rows"] {
            #expect(throws: SinkError.self) { _ = try ParquetSink(folder: path) }
        }
    }
}
