import Features
import MarketModel
import OrderBooks
import Parquet

/// Instrument and times of each row of a table.
struct HeadReader {
    private let table: RowTable
    private let identity: IdentityReader
    private let tsEvent: NumberColumn<Int64>
    private let tsRecv: NumberColumn<Int64>
    private let ts: NumberColumn<Int64>

    init(_ table: RowTable, _ identity: IdentityReader) throws(MarketFileError) {
        self.table = table
        self.identity = identity
        tsEvent = try table.times("ts_event")
        tsRecv = try table.times("ts_recv")
        ts = try table.times("ts")
    }

    func head(_ row: Int) throws(MarketFileError) -> RecordHead {
        let label = table.hasColumn("ts") ? try table.required(ts, at: row) : nil
        return RecordHead(
            instrument: try identity.instrument(table, row),
            tsEvent: tsEvent[row],
            tsRecv: try table.required(tsRecv, at: row),
            ts: label
        )
    }
}
