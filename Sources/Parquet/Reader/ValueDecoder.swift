/// Decodes the values of one column chunk.
protocol ValueDecoder: AnyObject {
    /// Reads up to `rows` rows (at least one) of a chunk that has them, fewer only if texts exceed their
    /// limit. `validity` has room for `rows` bytes; the memory of `old` is reused if possible.
    func read(
        _ rows: Int,
        _ stream: PageStream,
        validity: UnsafeMutablePointer<UInt8>,
        reusing old: inout ColumnValues
    ) throws(ParquetError) -> ColumnValues
}
