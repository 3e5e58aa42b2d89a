import Foundation
import MarketModel
import OrderBooks
import Testing

/// What another reading expects of each line.
struct Expected {
    private var events: [Int: [[String: Any]]] = [:]
    /// Whether trades are sums of fills where nothing says so.
    private let isOfSums: Bool
    private let tellsInterest: Bool

    init(_ objects: [[String: Any]], isOfSums: Bool = false) {
        self.isOfSums = isOfSums
        tellsInterest = objects.contains { $0["ch"] as? String == "open_interest" }
        for object in objects { events[object["i"] as? Int ?? -1, default: []].append(object) }
    }

    /// A number without an exponent, which the wire may have: `1e-8`.
    private static func plain(_ text: String) -> String {
        guard text.contains("e-"), let number = try? FixedDecimal(text) else { return text }
        return number.description
    }

    /// Lines whose events did not come.
    var left: [Int] { events.keys.sorted() }

    private mutating func take(_ channel: String, _ symbol: String, at line: Int) -> [String: Any]? {
        guard
            let index = events[line]?.firstIndex(where: {
                $0["ch"] as? String == channel && $0["symbol"] as? String == symbol
            })
        else { return nil }
        let event = events[line]?.remove(at: index)
        if events[line]?.isEmpty == true { events[line] = nil }
        return event
    }

    /// Compares a book just after it was changed.
    mutating func compare(_ seen: SeenBook, at line: Int) throws {
        guard let event = take("book", seen.symbol, at: line) else { return }
        let book = seen.keeper.book
        try #require(seen.outcome == .applied && book.state == .synced, "line \(line)")
        let levels = [event["bids"], event["asks"]].map { ($0 as? [[String]])?.map { $0.map(Self.plain) } }
        try #require(book.bestBids(3) == levels[0], "line \(line)")
        try #require(book.bestAsks(3) == levels[1], "line \(line)")
        try #require(book.bidCount == event["nb"] as? Int && book.askCount == event["na"] as? Int)
        try #require(seen.update.isSnapshot == event["snapshot"] as? Bool)
    }

    /// Compares the trades, funding rates and open interests of the line just decoded.
    mutating func compare(_ session: Session, at line: Int) throws {
        for index in 0..<session.batch.trades.count {
            let trade = session.batch.trades[index]
            let event = try #require(take("trade", session.symbol(trade.instrument), at: line))
            let texts = [trade.id.description, trade.price.description, trade.size.description]
            try #require(texts == ["id", "price", "size"].map { Self.plain(event[$0] as? String ?? "") })
            try #require("\(trade.side)" == event["taker"] as? String)
            try #require(trade.isAggregate == (event["agg"] as? Bool ?? isOfSums) && !trade.isExcluded)
            try #require(trade.exchangeTime / UnixTime.millisecond == Self.milliseconds(event["ts"]))
        }
        for index in 0..<session.batch.fundingRates.count {
            let rate = session.batch.fundingRates[index]
            let event = try #require(take("funding", session.symbol(rate.instrument), at: line))
            try #require(rate.rate.description == event["rate"] as? String)
            let times = [rate.exchangeTime, rate.nextFundingTime ?? 0].map { $0 / UnixTime.millisecond }
            try #require(times == ["ts", "next_ts"].map { Self.milliseconds(event[$0]) ?? 0 })
        }
        // Not all readings tell the open interest.
        for index in 0..<session.batch.openInterests.count where tellsInterest {
            let interest = session.batch.openInterests[index]
            let event = try #require(take("open_interest", session.symbol(interest.instrument), at: line))
            try #require(interest.openInterest.description == event["oi"] as? String)
            try #require(interest.markPrice?.description == event["mark"] as? String)
            try #require(
                interest.exchangeTime / UnixTime.millisecond == (event["ts"] as? NSNumber)?.int64Value
            )
        }
    }

    /// A time as a number or, as some venues have it, RFC 3339.
    private static func milliseconds(_ value: Any?) -> Int64? {
        if let text = value as? String {
            return UnixTime.parse(rfc3339: text).map { $0 / UnixTime.millisecond }
        }
        return (value as? NSNumber)?.int64Value
    }
}
