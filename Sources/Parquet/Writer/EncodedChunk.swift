import ByteCoding

/// The finished pages of one column of one row group, offsets counted from the chunk's first byte.
///
/// Handed from the thread that encodes to the one that writes, never shared.
final class EncodedChunk: @unchecked Sendable {
    var bytes = ByteBuffer()
    var metadata = ColumnChunkMetadata()
    var columnIndex: ColumnIndex?
    var offsetIndex = OffsetIndex()

    func reset(_ column: ParquetColumn, compression: Compression) {
        bytes.removeAll()
        metadata = ColumnChunkMetadata()
        metadata.type = column.physicalType
        metadata.path = [column.name]
        metadata.compression = compression
        columnIndex = nil
        offsetIndex = OffsetIndex()
    }

    func count(_ kind: PageHeader.Kind, _ encoding: Encoding) {
        let known = metadata.encodingStatistics.firstIndex {
            $0.pageKind == kind.rawValue && $0.encoding == encoding
        }
        if let known {
            metadata.encodingStatistics[known].count += 1
        } else {
            metadata.encodingStatistics.append(
                PageEncodingCount(pageKind: kind.rawValue, encoding: encoding, count: 1)
            )
        }
    }
}
