import ByteCoding

/// The finished pages of one column of one row group, offsets counted from the chunk's first byte.
///
/// Handed from the thread that encodes to the one that writes, never shared.
final class EncodedChunk: @unchecked Sendable {
    /// The pages that have not been handed on.
    var bytes = GrowableBytes()
    /// How many bytes of the chunk were handed on before them.
    private(set) var handedOn = 0
    /// Takes finished pages while later ones are encoded, so that they need not all be held.
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

    /// Hands finished pages on, if there is a sink and it is worth a call.
    func handOn() throws(ParquetError) {
        guard sink != nil, bytes.count >= Self.portion else { return }
        try handOnAll()
    }

    private static let portion = 256 << 10

    /// Hands all finished pages on.
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
