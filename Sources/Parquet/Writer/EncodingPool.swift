/// Encoders and chunks, whose memory serves one row group after the other: of one file, or of several files that are
/// written in turn by one thread.
package final class EncodingPool {
    let options: ParquetWriterOptions
    var encoders: [ColumnEncoder] = []
    var chunks: [EncodedChunk] = []

    /// Makes a pool for writers of the same options.
    package init(_ options: ParquetWriterOptions) { self.options = options }
}
