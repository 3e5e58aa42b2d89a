/// Encoders and chunks whose memory is reused for successive row groups of one file, or of several files
/// written in turn by one thread.
package final class EncodingPool {
    let options: ParquetWriterOptions
    var encoders: [ColumnEncoder] = []
    var chunks: [EncodedChunk] = []

    /// Makes a pool for writers of the same options.
    package init(_ options: ParquetWriterOptions) { self.options = options }
}
