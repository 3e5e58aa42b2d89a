import ByteCoding
import Glibc
import Testing

@testable import Parquet

/// Few bytes that claim a large size: memory depends on the bytes, not on the claims.
///
/// Other tests run in the same process, so the memory limits are wide; the claims are far larger.
@Suite
struct HostileTests {
    private static let number = ParquetColumn("a", .int64, isOptional: true)

    @Test
    func readingAllRowsIsBoundedByTheBytesOfTheFile() throws {
        // 2^31 rows in 400 bytes: as a table they would take 18 GiB.
        let chunk = RawFile.Chunk(
            column: Self.number,
            pages: (0..<16).flatMap { _ in RawFile.nulls(1 << 27) }
        )
        let bytes = RawFile.bytes([chunk], rows: 16 << 27)
        #expect(bytes.count < 700)
        let reader = try ParquetReader(bytes: bytes)
        let before = peakMemory()
        let error = #expect(throws: ParquetError.self) { try reader.readAll() }
        guard case .limit(.table, let found, let limit, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(limit == 256 << 20 + bytes.count * 2048 && found > limit && found < limit + 16 << 20)
        #expect(peakMemory() - before < 2 << 30)
        // In batches the rows can be read.
        let batches = try reader.batches()
        let batch = try #require(try batches.next())
        #expect(batch.rowCount == 65_536 && batch.columns[0].validity?.contains(true) == false)
    }

    @Test
    func theLimitOfAllRowsIsAnOption() throws {
        var options = ParquetReaderOptions()
        options.maximumTableBytes = 8999
        let writer = try ParquetWriter(schema: ParquetSchema([Self.number]))
        try writer.append([ColumnVector([Int64](0..<1000), validity: (0..<1000).map { $0 > 0 })])
        let bytes = try writer.finishInMemory()
        #expect(
            throws: ParquetError.limit(.table, found: 9000, limit: 8999, offset: 0)
        ) {
            try ParquetReader(bytes: bytes, options: options).readAll()
        }
        options.maximumTableBytes = 9000
        #expect(try ParquetReader(bytes: bytes, options: options).readAll()[0].count == 1000)
    }

    @Test
    func aBatchOfManyColumnsHasFewerRows() throws {
        let column = { (name: Int) in ParquetColumn("c\(name)", .int64, isOptional: true) }
        let chunks = (0..<3000).map { RawFile.Chunk(column: column($0), pages: RawFile.nulls(1 << 20)) }
        let reader = try ParquetReader(bytes: RawFile.bytes(chunks, rows: 1 << 20))
        let before = peakMemory()
        let batches = try reader.batches(batchRows: 1 << 20)
        let batch = try #require(try batches.next())
        #expect(batch.columns.count == 3000)
        #expect(batch.rowCount == (256 << 20) / (3000 * 9))
        // 9 bytes a row and column, and the scratch of flags; all rows at once would be 28 GB.
        #expect(peakMemory() - before < 2 << 30)
    }

    @Test
    func pagesThatExpandInManyColumnsAreBoundedTogether() throws {
        // 64 MiB of zeros in about 6 KB, in each of forty columns.
        let size = 64 << 20
        var packed = GrowableBytes()
        let zeros = [UInt8](repeating: 0, count: size)
        try ZstdCompressor(level: 1).compress(zeros.span.bytes, appendingTo: &packed)
        let body = Array(UnsafeRawBufferPointer(start: packed.unsafeBase, count: packed.count))
        var header = PageHeader()
        header.valueCount = Int32(size / 8)
        header.encoding = Encoding.plain.rawValue
        let pages = RawFile.page(header, body, expanded: size)
        let chunks = (0..<40).map {
            RawFile.Chunk(column: ParquetColumn("c\($0)", .int64), pages: pages, compression: .zstd)
        }
        var options = ParquetReaderOptions()
        options.maximumOpenPageBytes = 200 << 20
        let bytes = RawFile.bytes(chunks, rows: Int64(size / 8))
        #expect(bytes.count < 1 << 20)
        let reader = try ParquetReader(bytes: bytes, options: options)
        let batches = try reader.batches()
        let error = #expect(throws: ParquetError.self) { try batches.next() }
        guard case .limit(.openPages, found: 268_435_456, _, _)? = error
        else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try reader.batches(columns: ["c7", "c8"]).next()?.rowCount == 65_536)
    }

    @Test
    func aDictionaryThatClaimsMoreValuesThanItHasIsRefused() throws {
        for type in [PhysicalType.int32, .int64, .double, .byteArray, .fixedLengthByteArray] {
            let column = ParquetColumn("a", type, typeLength: type == .fixedLengthByteArray ? 16 : 0)
            var header = PageHeader()
            header.kind = .dictionary
            header.valueCount = .max
            header.encoding = Encoding.plain.rawValue
            let dictionary = RawFile.page(header, [UInt8](repeating: 0, count: 64))
            header.kind = .data
            header.valueCount = 100
            header.encoding = Encoding.rleDictionary.rawValue
            let data = RawFile.page(header, [1, 200, 1, 0])
            let chunk = RawFile.Chunk(column: column, pages: dictionary + data, dictionary: dictionary.count)
            let reader = try ParquetReader(bytes: RawFile.bytes([chunk], rows: 100))
            let error = #expect(throws: ParquetError.self) { try reader.readAll() }
            #expect(error?.description.contains("a dictionary of 2147483647 values in 64 bytes") == true)
        }
    }

    @Test
    func pagesThatEndBeforeTheRowsTheyClaimAreRefused() throws {
        for encoding in [
            Encoding.plain, .deltaBinaryPacked, .byteStreamSplit, .rleDictionary, .deltaLengthByteArray,
        ] {
            let isText = encoding == .deltaLengthByteArray
            let column = isText ? ParquetColumn("a", .byteArray) : ParquetColumn("a", .int64)
            var header = PageHeader()
            header.valueCount = .max
            header.encoding = encoding.rawValue
            let chunk = RawFile.Chunk(
                column: column,
                pages: RawFile.page(header, [0x80, 1, 4, 0xFF, 0xFF, 0xFF, 0xFF, 7, 0, 0])
            )
            let reader = try ParquetReader(bytes: RawFile.bytes([chunk], rows: Int64(Int32.max)))
            let before = peakMemory()
            #expect(throws: ParquetError.self, "\(encoding)") { try reader.readAll() }
            #expect(peakMemory() - before < 1 << 30, "\(encoding)")
        }
    }

    /// Columns with short batches delay the others row by row, without copying the waiting rows each time.
    @Test
    func columnsThatWaitForALongTextGiveEachRowOnce() throws {
        let text = String(repeating: "x", count: 4000)
        let schema = ParquetSchema([ParquetColumn("a", .int64), .string("b"), .string("c", isOptional: true)])
        let writer = try ParquetWriter(schema: schema)
        let count = 20_000
        let short = (0..<count).map { $0.isMultiple(of: 3) ? nil : "s\($0 % 50)" }
        try writer.append([
            ColumnVector([Int64](0..<Int64(count))), ColumnVector([String](repeating: text, count: count)),
            ColumnVector(short),
        ])
        var options = ParquetReaderOptions()
        options.maximumBatchBytes = 40_000
        let reader = try ParquetReader(bytes: try writer.finishInMemory(), options: options)
        let batches = try reader.batches(batchRows: count)
        var (numbers, texts): ([Int64], [String?]) = ([], [])
        var largest = 0
        while let batch = try batches.next() {
            largest = max(largest, batch.rowCount)
            guard case .int64(let values) = batch.columns[0].values,
                case .bytes(let long) = batch.columns[1].values,
                case .bytes(let names) = batch.columns[2].values
            else { continue }
            numbers += values
            #expect((0..<batch.rowCount).allSatisfy { long.offsets[$0 + 1] - long.offsets[$0] == 4000 })
            texts += (0..<batch.rowCount).map { batch.columns[2].isValid($0) ? names.text(at: $0) : nil }
        }
        #expect(largest <= 11)
        #expect(numbers == [Int64](0..<Int64(count)) && texts == short)
    }
}

/// The peak resident memory of this process, in bytes.
private func peakMemory() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
}
