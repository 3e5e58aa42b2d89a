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
        #expect(DecimalText.text(bigEndian: [1], scale: Int32.min) == "1E2147483648")
    }

    @Test
    func decimalsOfNegativeAndOfHugeScaleAreExact() {
        #expect(DecimalText.text(bigEndian: [0x7B], scale: -2) == "12300")
        #expect(DecimalText.text(bigEndian: [0xFF, 0x85], scale: -3) == "-123000")
        #expect(DecimalText.text(bigEndian: [0], scale: -3) == "0")
        #expect(DecimalText.text(bigEndian: [0x7B], scale: 20_000) == "123E-20000")
        // Bytes that only repeat the sign are redundant; others are never dropped.
        #expect(DecimalText.text(bigEndian: [UInt8](repeating: 0, count: 5000) + [7], scale: 1) == "0.7")
        #expect(DecimalText.text(bigEndian: [UInt8](repeating: 0xFF, count: 5000), scale: 0) == "-1")
        #expect(DecimalText.text(bigEndian: [1] + [UInt8](repeating: 0, count: 1024), scale: 0) == nil)
    }

    @Test
    func oldTimestampsBeyondInt64AreExact() {
        // Midnight of 9999-12-31 and one nanosecond, and the greatest Julian day.
        let far = FixedBytesNumber.nanoseconds(int96: [1, 0, 0, 0, 0, 0, 0, 0] + [0x08, 0xFE, 0x51, 0x00])
        #expect(far == Int128(5_373_448 - 2_440_588) * 86_400_000_000_000 + 1)
        let last = FixedBytesNumber.nanoseconds(
            int96: [UInt8](repeating: 0, count: 8) + [0xFF, 0xFF, 0xFF, 0x7F]
        )
        #expect(last == Int128(Int32.max - 2_440_588) * 86_400_000_000_000)
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
    ) throws -> (ColumnStatistics, ColumnIndex?) {
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

    /// Two row groups of two values each; the groups that may hold values of a range.
    private func groups(
        _ column: ParquetColumn,
        _ vectors: [ColumnVector],
        _ ranges: [(ColumnBound?, ColumnBound?)]
    ) throws -> [[Int]] {
        var options = ParquetWriterOptions()
        options.rowGroupRows = 2
        let writer = try ParquetWriter(schema: ParquetSchema([column]), options: options)
        for vector in vectors { try writer.append([vector]) }
        let reader = try ParquetReader(bytes: try writer.finishInMemory())
        return try ranges.map { try reader.rowGroups(where: column.name, from: $0.0, through: $0.1) }
    }

    @Test
    func rowGroupsAreSkippedInTheOrderOfTheColumn() throws {
        let small = ParquetColumn("u", .int32, logicalType: .integer(bits: 32, isSigned: false))
        let unsigned = [ColumnVector([Int32(1), 50]), ColumnVector([Int32(bitPattern: 2_900_000_000), -1])]
        let found = try groups(
            small,
            unsigned,
            [
                (.integer(-5), nil), (nil, .integer(3_000_000_000)), (.integer(51), nil), (nil, .integer(-1)),
                (.integer(1 << 32), nil), (nil, .unsigned(.max)),
            ]
        )
        #expect(found == [[0, 1], [0, 1], [1], [], [], [0, 1]])
        let large = ParquetColumn("u", .int64, logicalType: .integer(bits: 64, isSigned: false))
        let halves = [ColumnVector([Int64(1), 5]), ColumnVector([Int64.min + 1, -1])]
        let wide: [(ColumnBound?, ColumnBound?)] = [
            (.integer(-1), nil), (.integer(6), nil), (.unsigned(1 << 63), nil), (nil, .unsigned(1 << 63)),
        ]
        #expect(try groups(large, halves, wide) == [[0, 1], [1], [1], [0]])
        let signed = [ColumnVector([Int32.min, 0]), ColumnVector([Int32(1), .max])]
        let beyond: [(ColumnBound?, ColumnBound?)] = [
            (.integer(3_000_000_000), nil), (nil, .integer(-3_000_000_000)), (.integer(-3_000_000_000), nil),
        ]
        #expect(try groups(ParquetColumn("i", .int32), signed, beyond) == [[], [], [0, 1]])
        let flags = [ColumnVector([false, false]), ColumnVector([true, true])]
        #expect(
            try groups(ParquetColumn("b", .boolean), flags, [(.integer(2), nil), (.integer(1), nil)]) == [
                [], [1],
            ]
        )
    }

    @Test
    func decimalsAndHalvesAreSkippedByTheirValues() throws {
        let decimal = LogicalType.decimal(precision: 18, scale: 2)
        let bytes = { (values: [[UInt8]]) in
            var all = ByteArrays()
            for value in values { all.append(value) }
            return ColumnVector(.bytes(all))
        }
        let texts = [bytes([[0xFF], [0x05]]), bytes([[0x01, 0x00], [0x00, 0x02, 0x00]])]
        let ranges: [(ColumnBound?, ColumnBound?)] = [
            (.integer(6), nil), (nil, .integer(-1)), (.bytes([0x01, 0x01]), nil), (nil, .integer(-2)),
        ]
        #expect(
            try groups(ParquetColumn("d", .byteArray, logicalType: decimal), texts, ranges) == [
                [1], [0], [1], [],
            ]
        )
        let half = ParquetColumn("h", .fixedLengthByteArray, typeLength: 2, logicalType: .float16)
        let halves = { (values: [[UInt8]]) in
            var all = FixedByteArrays(width: 2)
            for value in values { all.append(value) }
            return ColumnVector(.fixed(all))
        }
        // −2, −1 and 1, 2.
        let both = [halves([[0, 0xC0], [0, 0xBC]]), halves([[0, 0x3C], [0, 0x40]])]
        let limits: [(ColumnBound?, ColumnBound?)] = [
            (.number(0), nil), (nil, .number(-1.5)), (.number(2.5), nil),
        ]
        #expect(try groups(half, both, limits) == [[1], [0], []])
    }
}
