import Foundation
import Parquet
import Testing

@Suite
struct ValueTests {
    @Test
    func decimalsOfAnyLengthAreText() {
        #expect(DecimalText.text(bigEndian: [0], scale: 0) == "0")
        #expect(DecimalText.text(bigEndian: [], scale: 2) == "0.00")
        #expect(DecimalText.text(bigEndian: [0x7B], scale: 2) == "1.23")
        #expect(DecimalText.text(bigEndian: [0xFF], scale: 3) == "-0.001")
        #expect(
            DecimalText.text(bigEndian: [0x80, 0, 0, 0, 0, 0, 0, 0], scale: 4) == "-922337203685477.5808"
        )
        let wide: [UInt8] = [0x01] + [UInt8](repeating: 0, count: 16)
        #expect(DecimalText.text(bigEndian: wide, scale: 0) == "340282366920938463463374607431768211456")
        #expect(DecimalText.text(bigEndian: [1], scale: Int32.min) == "1")
    }

    @Test
    func halfPrecisionAndOldTimestampsAreNumbers() {
        #expect(FixedBytesNumber.halfPrecision([0, 0x3C]) == 1)
        #expect(FixedBytesNumber.halfPrecision([1, 0x80]) == -0x1p-24)
        #expect(FixedBytesNumber.halfPrecision([0, 0x7C]) == .infinity)
        #expect(FixedBytesNumber.halfPrecision([1, 0x7C]).isNaN)
        #expect(
            FixedBytesNumber.nanoseconds(int96: [1, 0, 0, 0, 0, 0, 0, 0, 0x8D, 0x3D, 0x25, 0])
                == 86_400_000_000_001
        )
    }

    private func statistics(
        _ column: ParquetColumn,
        _ vector: ColumnVector
    ) throws -> (Statistics, ColumnIndex?) {
        let writer = try ParquetWriter(schema: ParquetSchema([column]))
        try writer.append([vector])
        let reader = try ParquetReader(bytes: try writer.finishInMemory())
        let statistics = try #require(reader.metadata.rowGroups[0].columns[0].statistics)
        return (statistics, try reader.columnIndex(of: 0, rowGroup: 0))
    }

    private func bytes(_ value: Double) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }

    @Test
    func boundsLeaveOutNaNAndStandForBothZeros() throws {
        let column = ParquetColumn("x", .double, isOptional: true)
        let (mixed, index) = try statistics(column, ColumnVector([0.0, .nan, nil, 0.0] as [Double?]))
        #expect(mixed.minimum == bytes(-0.0))
        #expect(mixed.maximum == bytes(0.0))
        #expect(mixed.nanCount == 1)
        #expect(mixed.nullCount == 1)
        #expect(index?.minimums == [bytes(-0.0)])
        #expect(index?.nanCounts == [1])
    }

    @Test
    func aPageOfNaNAloneHasNoBoundsAndItsChunkNoColumnIndex() throws {
        let column = ParquetColumn("x", .double, isOptional: true)
        let (all, index) = try statistics(column, ColumnVector([.nan, nil, .nan] as [Double?]))
        #expect(all.minimum == nil)
        #expect(all.maximum == nil)
        #expect(all.nanCount == 2)
        #expect(index == nil)
        let (nulls, nullIndex) = try statistics(column, ColumnVector([nil, nil] as [Double?]))
        #expect(nulls.minimum == nil)
        #expect(nulls.nullCount == 2)
        #expect(nullIndex?.nullPages == [true])
    }

    @Test
    func longTextsAreCutToBoundsThatHold() throws {
        let long = String(repeating: "é", count: 50)
        let (text, _) = try statistics(.string("s"), ColumnVector([long, long + "x"]))
        let (low, high) = (try #require(text.minimum), try #require(text.maximum))
        #expect(low.count <= 64)
        #expect(low.lexicographicallyPrecedes(Array(long.utf8)))
        #expect(Array((long + "x").utf8).lexicographicallyPrecedes(high))
        #expect(String(validating: low, as: UTF8.self) != nil)
        #expect(String(validating: high, as: UTF8.self) != nil)
        #expect(text.isMinimumExact == false)
        #expect(text.isMaximumExact == false)
        let (binary, _) = try statistics(
            ParquetColumn("b", .byteArray),
            ColumnVector(
                .bytes(
                    {
                        var all = ByteArrays()
                        all.append([UInt8](repeating: 0xFF, count: 100))
                        return all
                    }()
                )
            )
        )
        #expect(binary.maximum == nil)
        #expect(binary.minimum?.count == 64)
    }

    @Test
    func rowGroupsAreSkippedByTheirBoundsAlone() throws {
        var options = ParquetWriterOptions()
        options.rowGroupRows = 100
        let writer = try ParquetWriter(schema: ParquetSchema([ParquetColumn("t", .int64)]), options: options)
        try writer.append([ColumnVector([Int64](0..<450))])
        let reader = try ParquetReader(bytes: try writer.finishInMemory())
        #expect(try reader.rowGroups(where: "t", from: .integer(250), through: .integer(320)) == [2, 3])
        #expect(try reader.rowGroups(where: "t", from: .integer(449), through: nil) == [4])
        #expect(try reader.rowGroups(where: "t", from: .integer(450), through: nil).isEmpty)
        let rows = try reader.readAll(rowGroups: [4])
        #expect(rows == [ColumnVector([Int64](400..<450))])
    }
}
