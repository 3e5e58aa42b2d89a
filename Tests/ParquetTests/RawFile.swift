import Testing

@testable import Parquet

/// Builds files from pages and a footer that our writer might never make.
enum RawFile {
    /// The pages of one column of one row group, and their footer entry.
    struct Chunk {
        var column: ParquetColumn
        var pages: [UInt8]
        var compression = Compression.uncompressed
        /// The bytes of the dictionary page at the front, 0 without one.
        var dictionary = 0
    }

    /// A page with its header, whose sizes are filled in.
    static func page(_ header: PageHeader, _ body: [UInt8], expanded: Int? = nil) -> [UInt8] {
        var header = header
        header.compressedSize = Int32(body.count)
        header.uncompressedSize = Int32(expanded ?? body.count)
        var writer = ThriftWriter()
        header.write(to: &writer)
        return Array(writer.bytes) + body
    }

    /// A page of `rows` PLAIN values, none of them null.
    static func plain(_ rows: Int, _ body: [UInt8], expanded: Int? = nil) -> [UInt8] {
        var header = PageHeader()
        header.valueCount = Int32(rows)
        header.encoding = Encoding.plain.rawValue
        return page(header, body, expanded: expanded)
    }

    /// A page of `rows` nulls, as a run of definition levels: about twenty bytes.
    static func nulls(_ rows: Int) -> [UInt8] {
        var run: [UInt8] = []
        var count = UInt64(rows) << 1
        while count >= 0x80 {
            run.append(UInt8(count & 0x7F) | 0x80)
            count >>= 7
        }
        run += [UInt8(count), 0]
        return plain(rows, [UInt8(run.count), 0, 0, 0] + run)
    }

    /// A complete file of one row group.
    static func bytes(_ chunks: [Chunk], rows: Int64) -> [UInt8] {
        var bytes = Array("PAR1".utf8)
        let footer = metadata(chunks, rows: rows, after: &bytes).encoded()
        return bytes + footer + UInt32(footer.count).littleEndianBytes + Array("PAR1".utf8)
    }

    /// A complete file whose footer ends with further fields.
    static func bytes(_ chunks: [Chunk], rows: Int64, extra fields: [UInt8]) -> [UInt8] {
        var bytes = Array("PAR1".utf8)
        let footer = metadata(chunks, rows: rows, after: &bytes).encoded().dropLast() + fields + [0]
        return bytes + footer + UInt32(footer.count).littleEndianBytes + Array("PAR1".utf8)
    }

    /// Appends the pages of the chunks; returns their positions.
    static func metadata(_ chunks: [Chunk], rows: Int64, after bytes: inout [UInt8]) -> FileMetadata {
        var metadata = FileMetadata()
        metadata.schema = [SchemaElement(root: "schema", childCount: chunks.count)]
        metadata.schema += chunks.map { SchemaElement($0.column) }
        metadata.rowCount = rows
        var group = RowGroupMetadata()
        group.rowCount = rows
        for chunk in chunks {
            var column = ColumnChunkMetadata()
            column.type = chunk.column.physicalType
            column.path = [chunk.column.name]
            column.compression = chunk.compression
            column.valueCount = rows
            column.compressedSize = Int64(chunk.pages.count)
            column.uncompressedSize = Int64(chunk.pages.count)
            column.dataPageOffset = Int64(bytes.count + chunk.dictionary)
            if chunk.dictionary > 0 { column.dictionaryPageOffset = Int64(bytes.count) }
            bytes += chunk.pages
            group.columns.append(column)
        }
        metadata.rowGroups = [group]
        return metadata
    }
}
