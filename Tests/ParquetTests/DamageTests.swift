import Foundation
import Parquet
import Testing

/// Invalid files cause an error of this module, never a trap.
@Suite
struct DamageTests {
    /// Reads everything; returns the error, if any.
    private func read(_ bytes: [UInt8]) -> ParquetError? {
        do {
            let reader = try ParquetReader(bytes: bytes)
            for group in reader.metadata.rowGroups.indices {
                for column in reader.schema.columns.indices {
                    _ = try? reader.columnIndex(of: column, rowGroup: group)
                    _ = try? reader.offsetIndex(of: column, rowGroup: group)
                }
            }
            let batches = try reader.batches(batchRows: 1000)
            var rows = 0
            while let batch = try batches.next(), rows < 100_000 { rows += batch.rowCount }
            return nil
        } catch {
            return error
        }
    }

    private func file(_ random: inout SplitMix, checksums: Bool) throws -> [UInt8] {
        let schema = RandomColumns.schema(&random)
        var options = RandomColumns.options(&random, schema)
        options.writesChecksums = checksums
        let writer = try ParquetWriter(schema: schema, options: options)
        try writer.append(schema.columns.map { RandomColumns.vector(&random, $0, rows: 200) })
        return try writer.finishInMemory(keyValues: [KeyValue("key", "value")])
    }

    @Test
    func aFileCutAnywhereIsRefused() throws {
        var random = SplitMix(seed: ExchangeTests.seed)
        let bytes = try file(&random, checksums: true)
        for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 500)) {
            #expect(read(Array(bytes[..<length])) != nil)
        }
    }

    @Test
    func flippedBytesNeverTrap() throws {
        print("seed \(ExchangeTests.seed)")
        for round in 0..<40 {
            var random = SplitMix(seed: ExchangeTests.seed &+ UInt64(round))
            let sound = try file(&random, checksums: false)
            #expect(read(sound) == nil)
            var refused = 0
            for _ in 0..<60 {
                var bytes = sound
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let index =
                        random.chance(0.5)
                        ? bytes.count - 1 - Int(random.next() % UInt64(min(bytes.count, 600)))
                        : Int(random.next() % UInt64(bytes.count))
                    bytes[index] = random.pick([0, 0xFF, 0x80, UInt8(truncatingIfNeeded: random.next())])
                }
                if read(bytes) != nil { refused += 1 }
            }
            #expect(refused > 0)
        }
    }

    @Test
    func aFlippedByteInAPageIsFoundByItsChecksum() throws {
        let schema = ParquetSchema([ParquetColumn("a", .int64)])
        let writer = try ParquetWriter(schema: schema)
        try writer.append([ColumnVector((0..<1000).map { Int64($0) * 977 % 1013 })])
        var bytes = try writer.finishInMemory()
        bytes[60] ^= 1
        guard case .checksum("a", offset: 4, _, _)? = read(bytes) else {
            Issue.record("the damage was not found: \(String(describing: read(bytes)))")
            return
        }
    }

    @Test
    func whatIsNotParquetIsRefused() {
        #expect(read([]) == .notParquet(found: "0 bytes"))
        #expect(
            read(Array("PAR1 and then some text PAR2".utf8))?.description.contains("not a Parquet file")
                == true
        )
        let footer = Array("PAR1".utf8) + [0xFF, 0xFF, 0xFF, 0x7F] + Array("PAR1".utf8)
        #expect(read(footer)?.description.contains("a footer of 2147483647 bytes in a file of 12") == true)
        let encrypted = Array("PARE".utf8) + [0, 0, 0, 0] + Array("PARE".utf8)
        #expect(
            read(encrypted)?.description == "this file uses an encrypted footer, which is not read here"
        )
    }

    /// Found by the fuzzer: the value of a level run was taken for a count, and written beyond the rows.
    @Test
    func aLevelRunOfMoreThanOneBitIsRefused() throws {
        var options = ParquetWriterOptions()
        options.compression = .uncompressed
        options.writesChecksums = false
        let schema = ParquetSchema([ParquetColumn("a", .int32, isOptional: true)])
        let writer = try ParquetWriter(schema: schema, options: options)
        try writer.append([ColumnVector([Int32](0..<32), validity: (0..<32).map { $0 < 16 })])
        var bytes = try writer.finishInMemory()
        let runs: [UInt8] = [0x20, 1, 0x20, 0]
        let index = try #require(bytes.indices.first { bytes[$0...].starts(with: runs) })
        bytes[index + 1] = 0xFF
        #expect(read(bytes)?.description.contains("a run of 255, which 1 bits do not hold") == true)
    }

    /// Inputs that once broke the reader; kept so that they never do again.
    @Test
    func inputsThatBrokeTheReaderAreErrors() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted()
        for name in names where !name.hasPrefix("README") {
            let bytes = try Data(contentsOf: folder.appending(path: name))
            #expect(read(Array(bytes)) != nil, "\(name)")
        }
    }
}
