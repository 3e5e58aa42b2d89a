import MarketModel
import Parquet

/// A table and its file; in the Hive layout successive files, one per day.
final class TableFile<Table: EventTable> {
    private let store: MarketFileStore
    private let context: TableContext
    private var table: Table
    private var file: PendingFile?
    private var day = Int64.min

    /// Rows collected before they go to the file: about a megabyte, or 64 KiB if memory is limited.
    private let batch: Int

    init(_ store: MarketFileStore, _ context: TableContext) {
        self.store = store
        self.context = context
        table = Table(context)
        batch = max(16, (store.isInMemory ? 8_192 : 131_072) / max(1, table.schema.columns.count))
    }

    /// Adds an event: `time` is its earliest time, `sortTime` the one that decides the day.
    func append(_ row: Table.Row, time: Int64, sortTime: Int64, label: Int64?) throws(MarketFileError) {
        if store.folders == .hive {
            let today = UnixTime.floorDivide(sortTime, UnixTime.day)
            if today != day { try finish() }
            day = today
        }
        let file = try begin(sortTime)
        table.append(row, label: label)
        file.extend(to: time)
        if table.count >= batch { try flush(to: file) }
    }

    /// Completes the file, if there is one.
    func finish() throws(MarketFileError) {
        guard let file else { return }
        if table.count > 0 { try flush(to: file) }
        try file.finish()
        self.file = nil
    }

    func discard() {
        file?.discard()
        file = nil
    }

    private func flush(to file: PendingFile) throws(MarketFileError) {
        try file.append(table.columns)
        // The memory goes with the rows: of many instruments few have full tables at a time.
        table = Table(context)
    }

    private func begin(_ time: Int64) throws(MarketFileError) -> PendingFile {
        if let file { return file }
        let began = try PendingFile(
            store: store,
            type: Table.type,
            stage: context.stage,
            instrument: context.instrument,
            time: time,
            schema: table.schema
        )
        file = began
        return began
    }
}
