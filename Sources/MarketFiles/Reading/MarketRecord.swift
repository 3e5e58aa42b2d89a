import Features
import MarketModel
import OrderBooks
import Parquet

/// A kind of record that market files hold; see ``MarketFileReader``.
public protocol MarketRecord: Sendable, Equatable {
    /// The data type whose files hold it.
    static var dataType: MarketDataType { get }
}

/// How records come out of rows; a type of its own keeps the Parquet types out of the public promise.
protocol ReadableRecord: MarketRecord {
    static func rules(_ schema: ParquetSchema) -> [ColumnRule]
    /// Appends the records of a table; the last one there may go on in it.
    static func append(
        _ table: RowTable,
        _ identity: IdentityReader,
        to records: inout [Self]
    ) throws(MarketFileError)
}

extension ReadableRecord {
    static var headRules: [ColumnRule] {
        [
            ColumnRule(name: "ts_event", type: .int64, isTime: true),
            ColumnRule(name: "ts_recv", type: .int64, isTime: true),
            ColumnRule(name: "ts", type: .int64, mayBeAbsent: true, isTime: true),
        ]
    }
}

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

private let sides: [(String, Side)] = [("buy", .buy), ("sell", .sell)]

extension TradeRecord: ReadableRecord {
    /// Trades.
    public static var dataType: MarketDataType { .trades }

    static func rules(_ schema: ParquetSchema) -> [ColumnRule] {
        headRules + [
            ColumnRule(name: "side", type: .byteArray), ColumnRule(name: "price", type: .double),
            ColumnRule(name: "amount", type: .double), ColumnRule(name: "id", type: .byteArray),
        ]
    }

    static func append(
        _ table: RowTable,
        _ identity: IdentityReader,
        to records: inout [TradeRecord]
    ) throws(MarketFileError) {
        let (heads, prices) = (try HeadReader(table, identity), table.doubles("price"))
        let amounts = table.doubles("amount")
        for row in 0..<table.count {
            records.append(
                TradeRecord(
                    head: try heads.head(row),
                    side: try table.choice("side", at: row, of: sides),
                    price: try table.number(prices, at: row, least: 0),
                    amount: try table.number(amounts, at: row, least: 0),
                    id: table.text("id", at: row)
                )
            )
        }
    }
}

extension LiquidationRecord: ReadableRecord {
    /// Liquidations.
    public static var dataType: MarketDataType { .liquidations }

    static func rules(_ schema: ParquetSchema) -> [ColumnRule] {
        headRules + [
            ColumnRule(name: "side", type: .byteArray), ColumnRule(name: "price", type: .double),
            ColumnRule(name: "amount", type: .double),
        ]
    }

    static func append(
        _ table: RowTable,
        _ identity: IdentityReader,
        to records: inout [LiquidationRecord]
    ) throws(MarketFileError) {
        let (heads, prices) = (try HeadReader(table, identity), table.doubles("price"))
        let amounts = table.doubles("amount")
        for row in 0..<table.count {
            records.append(
                LiquidationRecord(
                    head: try heads.head(row),
                    side: try table.choice("side", at: row, of: sides),
                    price: try table.number(prices, at: row, least: 0),
                    amount: try table.number(amounts, at: row, least: 0)
                )
            )
        }
    }
}

extension FundingRecord: ReadableRecord {
    /// Funding rates.
    public static var dataType: MarketDataType { .fundings }

    static func rules(_ schema: ParquetSchema) -> [ColumnRule] {
        headRules + [
            ColumnRule(name: "funding_rate", type: .double),
            ColumnRule(name: "interval_hours", type: .double),
            ColumnRule(name: "next_funding_ts", type: .int64, isTime: true),
        ]
    }

    static func append(
        _ table: RowTable,
        _ identity: IdentityReader,
        to records: inout [FundingRecord]
    ) throws(MarketFileError) {
        let (heads, rates) = (try HeadReader(table, identity), table.doubles("funding_rate"))
        let (hours, next) = (table.doubles("interval_hours"), try table.times("next_funding_ts"))
        for row in 0..<table.count {
            records.append(
                FundingRecord(
                    head: try heads.head(row),
                    fundingRate: try table.number(rates, at: row),
                    intervalHours: hours[row],
                    nextFundingTs: next[row]
                )
            )
        }
    }
}

extension OpenInterestRecord: ReadableRecord {
    /// Open interest.
    public static var dataType: MarketDataType { .openInterests }

    static func rules(_ schema: ParquetSchema) -> [ColumnRule] {
        headRules + [
            ColumnRule(name: "open_interest", type: .double),
            ColumnRule(name: "open_interest_value", type: .double),
            ColumnRule(name: "mark_price", type: .double),
        ]
    }

    static func append(
        _ table: RowTable,
        _ identity: IdentityReader,
        to records: inout [OpenInterestRecord]
    ) throws(MarketFileError) {
        let (heads, interests) = (try HeadReader(table, identity), table.doubles("open_interest"))
        let (values, marks) = (table.doubles("open_interest_value"), table.doubles("mark_price"))
        for row in 0..<table.count {
            records.append(
                OpenInterestRecord(
                    head: try heads.head(row),
                    openInterest: try table.number(interests, at: row, least: 0),
                    value: values[row],
                    markPrice: marks[row]
                )
            )
        }
    }
}
