import MarketModel
import Parquet

/// Trades: side (taker), price, amount, id.
struct TradeTable: EventTable {
    static let type = MarketDataType.trades
    private var common: EventColumns
    private var side = TextColumn()
    private var price: [Double] = []
    private var amount: [Double] = []
    private var id = ByteArrays()
    private var hasID: [Bool] = []

    init(_ context: TableContext) { common = EventColumns(context) }

    var count: Int { common.count }

    var schema: ParquetSchema {
        common.schema(
            [
                .string("side"), ParquetColumn("price", .double), ParquetColumn("amount", .double),
                .string("id", isOptional: true),
            ]
        )
    }

    mutating func append(_ trade: Trade, label: Int64?) {
        common.append(exchangeTime: trade.exchangeTime, receiveTime: trade.receiveTime, label: label)
        side.append(trade.side.description)
        price.append(trade.price.doubleValue)
        amount.append(trade.size.doubleValue)
        id.append(trade.id.isEmpty ? "" : trade.id.description)
        hasID.append(!trade.id.isEmpty)
    }

    var columns: [ColumnRows] {
        common.columns([
            side.rows, .each(ColumnVector(price)), .each(ColumnVector(amount)),
            .each(ColumnVector(.bytes(id), validity: hasID)),
        ])
    }

    mutating func removeAll() {
        common.removeAll()
        side.removeAll()
        price.removeAll(keepingCapacity: true)
        amount.removeAll(keepingCapacity: true)
        id.removeAll()
        hasID.removeAll(keepingCapacity: true)
    }
}

/// Liquidations: side (of the forced order), price, amount.
struct LiquidationTable: EventTable {
    static let type = MarketDataType.liquidations
    private var common: EventColumns
    private var side = TextColumn()
    private var price: [Double] = []
    private var amount: [Double] = []

    init(_ context: TableContext) { common = EventColumns(context) }

    var count: Int { common.count }

    var schema: ParquetSchema {
        common.schema(
            [.string("side"), ParquetColumn("price", .double), ParquetColumn("amount", .double)]
        )
    }

    mutating func append(_ liquidation: Liquidation, label: Int64?) {
        common.append(
            exchangeTime: liquidation.exchangeTime,
            receiveTime: liquidation.receiveTime,
            label: label
        )
        side.append(liquidation.side.description)
        price.append(liquidation.price.doubleValue)
        amount.append(liquidation.size.doubleValue)
    }

    var columns: [ColumnRows] {
        common.columns([side.rows, .each(ColumnVector(price)), .each(ColumnVector(amount))])
    }

    mutating func removeAll() {
        common.removeAll()
        side.removeAll()
        price.removeAll(keepingCapacity: true)
        amount.removeAll(keepingCapacity: true)
    }
}

/// Funding rates: rate, hours between settlements, next settlement.
struct FundingTable: EventTable {
    static let type = MarketDataType.fundings
    private var common: EventColumns
    private var rate: [Double] = []
    private var interval = OptionalColumn()
    private var next = RunColumn()

    init(_ context: TableContext) { common = EventColumns(context) }

    var count: Int { common.count }

    var schema: ParquetSchema {
        common.schema(
            [
                ParquetColumn("funding_rate", .double),
                ParquetColumn("interval_hours", .double, isOptional: true),
                ParquetColumn("next_funding_ts", .int64, isOptional: true),
            ]
        )
    }

    mutating func append(_ funding: FundingRate, label: Int64?) {
        common.append(exchangeTime: funding.exchangeTime, receiveTime: funding.receiveTime, label: label)
        rate.append(funding.rate.doubleValue)
        interval.append(funding.intervalHours?.doubleValue)
        next.append(funding.nextFundingTime)
    }

    var columns: [ColumnRows] {
        common.columns([.each(ColumnVector(rate)), interval.rows, next.rows])
    }

    mutating func removeAll() {
        common.removeAll()
        rate.removeAll(keepingCapacity: true)
        interval.removeAll()
        next.removeAll()
    }
}

/// Open interest: contracts or base, value in quote, mark price.
struct OpenInterestTable: EventTable {
    static let type = MarketDataType.openInterests
    private var common: EventColumns
    private var interest: [Double] = []
    private var value = OptionalColumn()
    private var mark = OptionalColumn()

    init(_ context: TableContext) { common = EventColumns(context) }

    var count: Int { common.count }

    var schema: ParquetSchema {
        common.schema(
            [
                ParquetColumn("open_interest", .double),
                ParquetColumn("open_interest_value", .double, isOptional: true),
                ParquetColumn("mark_price", .double, isOptional: true),
            ]
        )
    }

    mutating func append(_ open: OpenInterest, label: Int64?) {
        common.append(exchangeTime: open.exchangeTime, receiveTime: open.receiveTime, label: label)
        interest.append(open.openInterest.doubleValue)
        value.append(open.value?.doubleValue)
        mark.append(open.markPrice?.doubleValue)
    }

    var columns: [ColumnRows] {
        common.columns([.each(ColumnVector(interest)), value.rows, mark.rows])
    }

    mutating func removeAll() {
        common.removeAll()
        interest.removeAll(keepingCapacity: true)
        value.removeAll()
        mark.removeAll()
    }
}
