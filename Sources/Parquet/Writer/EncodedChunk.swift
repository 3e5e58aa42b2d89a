import ByteCoding

/// The finished pages of one column of one row group, offsets counted from the chunk's first byte.
///
/// Passed from the encoding thread to the writing one, never shared.
final class EncodedChunk: @unchecked Sendable {
    /// The pages not written to the sink yet.
    var bytes = GrowableBytes()
    /// The bytes of the chunk already written to the sink.
    private(set) var handedOn = 0
    /// Receives finished pages while later ones are encoded, so that not all stay in memory.
    var sink: ByteOutput?
    var metadata = ColumnChunkMetadata()
    var columnIndex: ColumnIndex?
    var offsetIndex = OffsetIndex()

    func reset(_ column: ParquetColumn, compression: Compression) {
        bytes.removeAll()
        handedOn = 0
        metadata = ColumnChunkMetadata()
        metadata.type = column.physicalType
        metadata.path = [column.name]
        metadata.compression = compression
        columnIndex = nil
        offsetIndex = OffsetIndex()
    }

    /// The bytes of the chunk so far.
    var size: Int { handedOn + bytes.count }

    /// Writes finished pages to the sink, if there is one and they are enough for a call.
    func handOn() throws(ParquetError) {
        guard sink != nil, bytes.count >= Self.portion else { return }
        try handOnAll()
    }

    private static let portion = 256 << 10

    /// Writes all finished pages to the sink.
    func handOnAll() throws(ParquetError) {
        guard let sink, bytes.count > 0 else { return }
        do throws(ByteCodingError) {
            // Safe: the bytes are not changed while the span is in use.
            try sink.write(
                RawSpan(_unsafeBytes: UnsafeRawBufferPointer(start: bytes.unsafeBase, count: bytes.count))
            )
        } catch {
            throw ParquetError(error)
        }
        handedOn += bytes.count
        bytes.removeAll()
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
