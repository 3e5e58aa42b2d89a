public import Dataset
import MarketModel
import Parquet

/// Writes a dataset as Parquet files by exchange, market, symbol and UTC date of `ts`.
///
/// Folders are named as in Hive, values percent-encoded; rows are in order of time, without those in no
/// part.
public struct ParquetDatasetSink: DatasetSink {
    private let threads: Int
    private var layout: DatasetLayout?
    private var folder = ""
    private var file: OpenFile?

    private struct OpenFile {
        var instrument: Int
        var day: Int64
        var writer: ParquetWriter
        var rows: DatasetTable
    }

    /// Makes a sink; the number of encoding `threads` does not change the bytes.
    public init(threads: Int = 1) { self.threads = threads }

    /// Begins a fold.
    public mutating func begin(_ layout: DatasetLayout, in folder: String) throws(DatasetError) {
        self.layout = layout
        self.folder = try DatasetFolder.make(folder, layout.folder)
        file = nil
    }

    /// Writes a row.
    public mutating func write(_ row: borrowing OutputRow) throws(DatasetError) {
        guard let layout else { return }
        let day = UnixTime.floorDivide(row.ts, UnixTime.day)
        if file?.instrument != row.instrument || file?.day != day {
            try close()
            file = try open(layout, row.instrument, day)
        }
        file?.rows.append(row, part: layout.parts[row.part].part.rawValue)
        if file?.rows.count == 4096 { try flush() }
    }

    /// Completes the files.
    public mutating func finish() throws(DatasetError) { try close() }

    private func open(
        _ layout: DatasetLayout,
        _ instrument: Int,
        _ day: Int64
    ) throws(DatasetError) -> OpenFile {
        let names = layout.instruments[instrument]
        let date = UnixTime.rfc3339(day * UnixTime.day).prefix(10)
        let index = try DatasetFolder.make(
            folder,
            "exchange=\(HiveName.escaped(names.exchange))/market=\(names.market.rawValue)/"
                + "symbol=\(HiveName.escaped(names.symbol))/date=\(date)"
        )
        var options = ParquetWriterOptions()
        options.threads = threads
        options.encoding = layout.isPlain ? .plain : .automatic
        options.rowGroupBytes = 32 << 20
        do {
            let writer = try ParquetWriter(
                path: index + "/rows.parquet",
                schema: DatasetTable.schema(layout),
                options: options
            )
            return OpenFile(instrument: instrument, day: day, writer: writer, rows: DatasetTable(layout))
        } catch {
            throw .sink("\(index)/rows.parquet: \(error)")
        }
    }

    private mutating func flush() throws(DatasetError) {
        guard let columns = file?.rows.columns else { return }
        do { try file?.writer.append(columns) } catch { throw .sink("\(folder): \(error)") }
        file?.rows.removeAll()
    }

    private mutating func close() throws(DatasetError) {
        try flush()
        do { try file?.writer.finish() } catch { throw .sink("\(folder): \(error)") }
        file = nil
    }
}
