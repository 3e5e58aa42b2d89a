import Features
import Foundation
import MarketFiles
import MarketModel
import OrderBooks
import Synchronizer

/// Rows of one instrument with everything in them.
enum SampleRows {
    static let instrument = Instrument(exchange: "kraken", market: .spot, symbol: "BTC/USD")
    /// 2026-03-01 23:59:59.9, so that the second row is on the next day.
    static let start: Int64 = 1_772_409_599_900_000_000

    static func decimal(_ text: String) -> FixedDecimal { (try? FixedDecimal(text)) ?? .zero }

    static func trade(_ index: Int, at time: Int64) -> Trade {
        Trade(
            instrument: InstrumentIndex(0),
            side: index.isMultiple(of: 2) ? .buy : .sell,
            price: decimal("100.\(index)"),
            size: decimal("0.\(index + 1)"),
            id: index == 1 ? .none : TradeID("t\(index)") ?? .none,
            exchangeTime: time,
            receiveTime: time + 1000
        )
    }

    /// Writes `count` rows 100 ms apart; returns the paths and what was written.
    static func write(
        _ count: Int,
        to root: String,
        _ options: MarketFileOptions,
        of instrument: Instrument = instrument
    ) throws -> (paths: [String], aggregates: [MarketAggregate]) {
        let writer = MarketFileWriter(root: root, options: options)
        var builder = AggregateBuilder()
        var aggregates: [MarketAggregate] = []
        for index in 0..<count {
            let row = snapshot(index)
            let aggregate = builder.aggregate(row, market: instrument.market)
            try writer.write(row, aggregate, of: instrument)
            try writer.write(trade(index, at: row.ts - 5), of: instrument)
            aggregates.append(aggregate)
        }
        return (try writer.finish(), aggregates)
    }

    static func levels(_ count: Int, _ sign: Int) -> [PriceLevel] {
        (0..<count).map {
            PriceLevel(price: decimal("\(100 + sign * ($0 + 1)).5"), size: decimal("\($0 + 1).25"))
        }
    }

    static func snapshot(_ index: Int) -> MarketSnapshot {
        let ts = start + Int64(index) * 100_000_000
        var row = MarketSnapshot(instrument: InstrumentIndex(0), ts: ts, tsAvailable: ts + 7)
        var book = BookView(
            bids: levels(3, -1),
            asks: levels(index.isMultiple(of: 3) ? 0 : 2, 1),
            depth: 50
        )
        book.time = ts - 50
        book.exchangeTime = index == 0 ? nil : ts - 60
        book.receiveTime = ts - 50
        row.orderbook = book
        row.quality.bookState = .synced
        row.quality.observed = .all
        row.trades = [trade(index % 3, at: ts - 20)]
        row.liquidations = [
            Liquidation(
                instrument: InstrumentIndex(0),
                side: .sell,
                price: decimal("99.5"),
                size: decimal("3"),
                exchangeTime: ts - 30,
                receiveTime: ts - 25
            )
        ]
        row.fundingRate = FundingRate(
            instrument: InstrumentIndex(0),
            rate: decimal("0.0001"),
            nextFundingTime: index == 0 ? nil : ts + 1_000_000,
            intervalHours: decimal("8"),
            exchangeTime: ts - 40,
            receiveTime: ts - 35
        )
        row.openInterest = OpenInterest(
            instrument: InstrumentIndex(0),
            openInterest: decimal("5000"),
            value: nil,
            markPrice: decimal("100.25"),
            exchangeTime: ts - 45,
            receiveTime: ts - 44
        )
        return row
    }
}

/// A folder that is removed when the test ends.
final class Scratch {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "market-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var contents: [String] {
        (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).sorted()
    }
}
