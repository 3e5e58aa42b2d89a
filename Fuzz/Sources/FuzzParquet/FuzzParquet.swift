import Parquet

/// Reads whatever libFuzzer makes up: footer, indexes, and rows up to a bound.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    var options = ParquetReaderOptions()
    options.maximumPageBytes = 1 << 20
    options.maximumBatchBytes = 1 << 20
    // A checksum would hide the decoders from the fuzzer.
    options.verifiesChecksums = false
    guard
        let reader = try? ParquetReader(
            bytes: Array(UnsafeBufferPointer(start: start, count: count)),
            options: options
        )
    else { return 0 }
    for group in reader.metadata.rowGroups.indices.prefix(4) {
        for column in reader.schema.columns.indices.prefix(8) {
            _ = try? reader.columnIndex(of: column, rowGroup: group)
            _ = try? reader.offsetIndex(of: column, rowGroup: group)
        }
    }
    for column in reader.schema.columns.indices.prefix(16) {
        guard let batches = try? reader.batches(at: [column], batchRows: 500) else { continue }
        var (batch, rows) = (RowBatch(), 0)
        while rows < 5000, (try? batches.next(into: &batch)) == true { rows += batch.rowCount }
    }
    return 0
}
