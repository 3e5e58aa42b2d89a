import ByteCoding
import Testing

@testable import Parquet

/// Files that are legal, or accepted by every reader, though no current writer makes them.
@Suite
struct OddFileTests {
    private static let three = ParquetColumn("a", .int64)

    private func numbers(_ values: [Int64], _ name: String = "a") -> RawFile.Chunk {
        let body = values.flatMap(\.littleEndianBytes)
        return RawFile.Chunk(column: ParquetColumn(name, .int64), pages: RawFile.plain(values.count, body))
    }

    private func file(_ metadata: FileMetadata, _ pages: [UInt8]) -> [UInt8] {
        let footer = metadata.encoded()
        return pages + footer + UInt32(footer.count).littleEndianBytes + Array("PAR1".utf8)
    }

    @Test
    func columnsOfOneNameAreReadEachByItsPosition() throws {
        let chunks = [numbers([1, 2]), numbers([3, 4], "a_1"), numbers([5, 6]), numbers([7, 8])]
        let reader = try ParquetReader(bytes: RawFile.bytes(chunks, rows: 2))
        #expect(reader.distinctNames == ["a", "a_1", "a_2", "a_3"])
        let all = try reader.readAll()
        #expect(all == [[1, 2], [3, 4], [5, 6], [7, 8]].map { ColumnVector($0 as [Int64]) })
        #expect(try reader.readAll(at: [2]) == [ColumnVector([5, 6] as [Int64])])
        #expect(reader.indexes(named: "a") == [0, 2, 3])
        #expect(throws: ParquetError.misuse("3 columns are named a (try: name them by their places)")) {
            try reader.batches(columns: ["a"])
        }
        #expect(throws: ParquetError.self) {
            try reader.rowGroups(where: "a", from: .integer(0), through: nil)
        }
        #expect(try reader.readAll(columns: ["a_1"]) == [ColumnVector([3, 4] as [Int64])])
    }

    @Test
    func namesAreAlikeOnlyIfTheirBytesAre() throws {
        let chunks = [numbers([1], "\u{e9}"), numbers([2], "e\u{301}")]
        let reader = try ParquetReader(bytes: RawFile.bytes(chunks, rows: 1))
        #expect(
            reader.distinctNames.map { Array($0.utf8) } == [Array("\u{e9}".utf8), Array("e\u{301}".utf8)]
        )
        #expect(try reader.columnIndex(of: "e\u{301}") == 1)
    }

    @Test
    func aDottedNameIsNoPath() throws {
        var bytes = Array("PAR1".utf8)
        var metadata = RawFile.metadata(
            [numbers([0, 0], "b"), numbers([10, 20], "a.b")],
            rows: 2,
            after: &bytes
        )
        // A group a around b.
        metadata.schema.insert(SchemaElement(root: "a", childCount: 1), at: 1)
        metadata.schema[0] = SchemaElement(root: "schema", childCount: 2)
        let reader = try ParquetReader(bytes: file(metadata, bytes))
        #expect(
            reader.schema.columns.map(\.name) == ["a.b", "a.b"] && reader.distinctNames == ["a.b_1", "a.b"]
        )
        #expect(reader.refusal(of: 0) != nil && reader.refusal(of: 1) == nil)
        #expect(try reader.readAll(columns: ["a.b"]) == [ColumnVector([10, 20] as [Int64])])
    }

    @Test
    func theRootMayHaveATypeAndRowsNeedNoColumns() throws {
        var bytes = Array("PAR1".utf8)
        var metadata = RawFile.metadata([numbers([1, 2])], rows: 2, after: &bytes)
        metadata.schema[0].type = .boolean
        #expect(
            try ParquetReader(bytes: file(metadata, bytes)).readAll() == [ColumnVector([1, 2] as [Int64])]
        )
        let empty = try ParquetReader(bytes: RawFile.bytes([], rows: 7))
        #expect(empty.metadata.rowCount == 7 && empty.schema.columns.isEmpty)
        #expect(try empty.batches(batchRows: 4).next()?.rowCount == 4)
        #expect(try empty.readAll().isEmpty)
        let huge = try ParquetReader(bytes: RawFile.bytes([], rows: .max))
        #expect(try huge.readAll().isEmpty)
        metadata.rowGroups = []
        metadata.schema = [SchemaElement(root: "schema", childCount: 0)]
        metadata.rowCount = 3
        #expect(try ParquetReader(bytes: file(metadata, bytes)).metadata.rowCount == 3)
    }

    @Test
    func aFooterWithoutItsRowsTakesThoseOfTheRowGroups() throws {
        var bytes = Array("PAR1".utf8)
        var metadata = RawFile.metadata([numbers([1, 2])], rows: 2, after: &bytes)
        metadata.rowCount = 0
        let reader = try ParquetReader(bytes: file(metadata, bytes))
        #expect(reader.metadata.rowCount == 2)
        #expect(try reader.readAll() == [ColumnVector([1, 2] as [Int64])])
        metadata.rowCount = 3
        #expect(throws: ParquetError.self) { try ParquetReader(bytes: file(metadata, bytes)) }
    }

    /// Fields of any wire type in the Thrift compact protocol, each with its kind and bytes.
    private static let values: [(kind: UInt8, bytes: [UInt8])] = [
        (1, []), (2, []), (3, [7]), (4, [0x80, 1]), (5, [0xFF, 0x7F]), (6, [0xFF, 0xFF, 1]),
        (7, [UInt8](repeating: 9, count: 8)), (8, [3, 65, 66, 67]), (9, [0x25, 4, 6]), (9, [0x11, 1]),
        (9, [0x1C, 0x15, 2, 0]), (10, [0x18, 1, 65]), (11, [0]), (11, [1, 0x85, 1, 65, 4]), (12, [0]),
        (12, [0x1C, 0x15, 2, 0, 0x11, 0]), (13, [UInt8](repeating: 3, count: 16)),
    ]

    @Test
    func fieldsThatAreUnknownOrOfAnotherTypeArePassedOver() throws {
        let chunk = numbers([1, 2, 3])
        // Fields 5 to 9 of the footer are optional; 100 is unused. The long form of a field: kind, number,
        // value.
        for id in [UInt8(5), 6, 7, 9, 100] {
            // A pair of the key-value metadata must have a key.
            for value in Self.values where id != 5 || value.bytes != [0x1C, 0x15, 2, 0] {
                let number: [UInt8] = id < 64 ? [id << 1] : [(id << 1) | 0x80, id >> 6]
                let bytes = RawFile.bytes([chunk], rows: 3, extra: [value.kind] + number + value.bytes)
                let reader = try ParquetReader(bytes: bytes)
                #expect(try reader.readAll() == [ColumnVector([1, 2, 3] as [Int64])], "\(id) \(value)")
            }
        }
    }

    @Test
    func aKeyWhoseValueIsNoTextHasNone() throws {
        // {1: "k", 2: i64 5}, as a version of fastparquet wrote it.
        let pair: [UInt8] = [0x18, 1, 107, 0x16, 10, 0]
        let bytes = RawFile.bytes([numbers([1])], rows: 1, extra: [9, 10, 0x1C] + pair)
        #expect(try ParquetReader(bytes: bytes).metadata.keyValues == [KeyValue("k", nil)])
    }

    @Test
    func aTimeUnitOfLaterVersionsIsNotTakenForAnother() throws {
        var writer = ThriftWriter()
        writer.element(structure: { union in
            union.field(
                8,
                structure: { time in
                    time.field(1, true)
                    time.field(2, structure: { $0.field(4, structure: { _ in }) })
                }
            )
        })
        let type = writer.bytes.withUnsafeBytes { bytes in
            var reader = ThriftReader(bytes)
            return try? LogicalType(from: &reader)
        }
        #expect(type == .other("TIMESTAMP(UNIT_4)"))
    }

    @Test
    func oneColumnThatCannotBeReadLeavesTheOthers() throws {
        var lzo = numbers([0, 0], "b")
        lzo.compression = .lzo
        let chunks = [numbers([1, 2]), lzo, numbers([5, 6], "c")]
        var bytes = Array("PAR1".utf8)
        var metadata = RawFile.metadata(chunks, rows: 2, after: &bytes)
        metadata.rowGroups[0].columns[2].type = .double
        let reader = try ParquetReader(bytes: file(metadata, bytes))
        #expect(try reader.readAll(columns: ["a"]) == [ColumnVector([1, 2] as [Int64])])
        #expect(reader.refusal(of: 0) == nil)
        #expect(reader.refusal(of: 1) == .unsupported(feature: "the codec LZO", column: "b"))
        guard case .damaged? = reader.refusal(of: 2) else {
            Issue.record("a chunk of another type than its column was not refused")
            return
        }
        #expect(throws: ParquetError.self) { try reader.readAll() }
    }

    @Test
    func aPageBeyondTheLimitIsNoDamage() throws {
        // 160 MiB of zeros: by default read, bounded by an option.
        let size = 160 << 20
        var packed = GrowableBytes()
        let zeros = [UInt8](repeating: 0, count: size)
        try ZstdCompressor(level: 1).compress(zeros.span.bytes, appendingTo: &packed)
        let body = Array(UnsafeRawBufferPointer(start: packed.unsafeBase, count: packed.count))
        let pages = RawFile.plain(size / 8, body, expanded: size)
        let chunk = RawFile.Chunk(column: Self.three, pages: pages, compression: .zstd)
        let bytes = RawFile.bytes([chunk], rows: Int64(size / 8))
        #expect(try ParquetReader(bytes: bytes).batches().next()?.rowCount == 65_536)
        var options = ParquetReaderOptions()
        options.maximumPageBytes = 128 << 20
        let batches = try ParquetReader(bytes: bytes, options: options).batches()
        let error = ParquetError.limit(.page, found: Int64(size), limit: 128 << 20, offset: 4)
        #expect(throws: error) { try batches.next() }
        #expect(error.description.contains("maximumPageBytes"))
    }

    @Test
    func pagesOfAKindToComeArePassedOver() throws {
        var writer = ThriftWriter()
        writer.element(structure: { header in
            header.field(1, Int32(9))
            header.field(2, Int32(3))
            header.field(3, Int32(3))
            header.field(9, structure: { $0.field(1, Int32(5)) })
        })
        var chunk = numbers([1, 2])
        chunk.pages = Array(writer.bytes) + [1, 2, 3] + chunk.pages
        #expect(
            try ParquetReader(bytes: RawFile.bytes([chunk], rows: 2)).readAll() == [
                ColumnVector([1, 2] as [Int64])
            ]
        )
    }

    @Test
    func lz4IsReadInEachOfItsForms() throws {
        let text = Array(String(repeating: "lorem ipsum ", count: 500).utf8)
        var block = GrowableBytes()
        try LZ4Block.compress(text.span.bytes, appendingTo: &block)
        let raw = block.bytes.withUnsafeBytes { Array($0) }
        var frame = GrowableBytes()
        try LZ4FrameCompressor().compress(text.span.bytes, appendingTo: &frame)
        let size = { (count: Int) in UInt32(count).bigEndianBytes }
        let half = Array(text[..<3000])
        var first = GrowableBytes()
        try LZ4Block.compress(half.span.bytes, appendingTo: &first)
        let piece = first.bytes.withUnsafeBytes { Array($0) }
        let forms: [[UInt8]] = [
            raw, frame.bytes.withUnsafeBytes { Array($0) }, size(text.count) + size(raw.count) + raw,
            // Two frames, and one frame of two blocks; both halves are the same.
            size(3000) + size(piece.count) + piece + size(3000) + size(piece.count) + piece,
            size(6000) + size(piece.count) + piece + size(piece.count) + piece,
        ]
        for (number, form) in forms.enumerated() {
            var expanded = GrowableBytes()
            try LZ4Hadoop.decompress(form.span.bytes, appendingTo: &expanded, size: text.count)
            #expect(expanded.bytes.withUnsafeBytes { Array($0) } == text, "form \(number)")
            var short = GrowableBytes()
            let cut = Array(form.dropLast(3))
            #expect(throws: ByteCodingError.self) {
                try LZ4Hadoop.decompress(cut.span.bytes, appendingTo: &short, size: text.count)
            }
        }
    }
}
