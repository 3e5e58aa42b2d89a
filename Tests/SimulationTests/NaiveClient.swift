import Foundation
import MarketModel

/// Keeps books as Binance's documentation tells its clients to, out of JSON objects and dictionaries: buffer what changes,
/// ask for the book, drop what that holds, go on where numbers join.
struct NaiveClient {
    struct Book {
        var bids: [Decimal: Decimal] = [:]
        var asks: [Decimal: Decimal] = [:]
        var isSynced = false
        var crossedSince: Int64?

        var text: String {
            let bids = bids.sorted { $0.key > $1.key }.map { "\($0.key)x\($0.value)" }
            let asks = asks.sorted { $0.key < $1.key }.map { "\($0.key)x\($0.value)" }
            return "\(bids.joined(separator: " ")) | \(asks.joined(separator: " "))"
        }

        mutating func put(_ change: Change) {
            for (price, size) in change.bids { bids[price] = size == 0 ? nil : size }
            for (price, size) in change.asks { asks[price] = size == 0 ? nil : size }
        }
    }

    struct Change {
        var (first, last, previous) = (Int64(0), Int64(0), Int64(0))
        var bids: [(Decimal, Decimal)] = []
        var asks: [(Decimal, Decimal)] = []
    }

    let isSpot: Bool
    private(set) var books: [String: Book] = [:]
    private var waiting: [String: [Change]] = [:]
    private var seeds: [String: Int64] = [:]
    private(set) var numbers: [String: Int64] = [:]
    private(set) var breaks = 0
    private(set) var tradeIDs: [String: [Int64]] = [:]
    /// The fills that a sum follows on and holds.
    private(set) var fills: [String: [ClosedRange<Int64>]] = [:]
    /// How seeds were joined: by a change that holds their number, or by one that names it.
    private(set) var joints = (held: 0, named: 0)
    /// Best bids and asks told, by symbol and number.
    private(set) var tops: [String: String] = [:]

    init(_ market: Market) { isSpot = market == .spot }

    mutating func receive(_ text: String, at time: Int64) {
        let frame = NaiveClient.object(text)
        guard let data = frame["data"] as? [String: Any], let symbol = data["s"] as? String else { return }
        switch data["e"] as? String {
        case "depthUpdate": follow(data, symbol, time)
        case "trade": tradeIDs[symbol, default: []].append(NaiveClient.whole(data["t"]))
        case "aggTrade":
            tradeIDs[symbol, default: []].append(NaiveClient.whole(data["a"]))
            let (first, last) = (NaiveClient.whole(data["f"]), NaiveClient.whole(data["l"]))
            fills[symbol, default: []].append(first...last)
        case "bookTicker", nil:
            let words = ["b", "B", "a", "A"].map { "\(NaiveClient.decimal(data[$0]))" }
            tops["\(symbol) \(NaiveClient.whole(data["u"]))"] = words.joined(separator: " ")
        default: break
        }
    }

    private mutating func follow(_ data: [String: Any], _ symbol: String, _ time: Int64) {
        var change = Change()
        (change.first, change.last) = (NaiveClient.whole(data["U"]), NaiveClient.whole(data["u"]))
        change.previous = isSpot ? change.first - 1 : NaiveClient.whole(data["pu"])
        (change.bids, change.asks) = (NaiveClient.levels(data["b"]), NaiveClient.levels(data["a"]))
        let before = numbers[symbol]
        numbers[symbol] = change.last
        let seed = seeds[symbol]
        if let seed, books[symbol]?.isSynced == true, isOld(change, seed) { return }
        let follows = seed.map { joins(change, $0) } ?? (before == nil || before == change.previous)
        if books[symbol]?.isSynced == true, follows {
            if let seed { count(change, seed) }
            seeds[symbol] = nil
            books[symbol]?.put(change)
            return judge(symbol, time)
        }
        if !follows {
            breaks += 1
            lose(symbol)
        }
        waiting[symbol, default: []].append(change)
    }

    private func isOld(_ change: Change, _ seed: Int64) -> Bool {
        isSpot ? change.last <= seed : change.last < seed
    }

    private func joins(_ change: Change, _ seed: Int64) -> Bool {
        change.previous == seed || change.first <= (isSpot ? seed + 1 : seed)
    }

    private mutating func count(_ change: Change, _ seed: Int64) {
        if change.previous == seed { joints.named += 1 } else { joints.held += 1 }
    }

    private mutating func lose(_ symbol: String) {
        (books[symbol], waiting[symbol], seeds[symbol]) = (Book(), [], nil)
    }

    /// A book that is crossed for a second is none.
    private mutating func judge(_ symbol: String, _ time: Int64) {
        guard var book = books[symbol], let bid = book.bids.keys.max(), let ask = book.asks.keys.min(),
            bid >= ask
        else {
            books[symbol]?.crossedSince = nil
            return
        }
        book.crossedSince = book.crossedSince ?? time
        books[symbol] = book
        if time - (book.crossedSince ?? time) >= 1_000_000_000 {
            lose(symbol)
        }
    }

    /// The reply to a request for a book.
    mutating func reply(_ text: String, path: String, at time: Int64) {
        let body = NaiveClient.object(text)
        guard body["lastUpdateId"] != nil, let query = URLComponents(string: path)?.queryItems,
            let symbol = query.first(where: { $0.name == "symbol" })?.value,
            books[symbol]?.isSynced != true
        else { return }
        let seed = NaiveClient.whole(body["lastUpdateId"])
        let newer = (waiting[symbol] ?? []).filter { !isOld($0, seed) }
        if let first = newer.first, !joins(first, seed) { return }
        if let first = newer.first { count(first, seed) }
        var book = Book(isSynced: true)
        for (price, size) in NaiveClient.levels(body["bids"]) { book.bids[price] = size }
        for (price, size) in NaiveClient.levels(body["asks"]) { book.asks[price] = size }
        for change in newer { book.put(change) }
        (books[symbol], waiting[symbol], seeds[symbol]) = (book, [], newer.isEmpty ? seed : nil)
        judge(symbol, time)
    }

    /// The connection ends.
    mutating func disconnect() {
        for symbol in numbers.keys { lose(symbol) }
        numbers = [:]
    }

    // MARK: - JSON

    private static func object(_ text: String) -> [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
    }

    private static func whole(_ value: Any?) -> Int64 { (value as? NSNumber)?.int64Value ?? -1 }

    private static func decimal(_ value: Any?) -> Decimal {
        Decimal(string: value as? String ?? "") ?? -1
    }

    private static func levels(_ value: Any?) -> [(Decimal, Decimal)] {
        (value as? [[String]] ?? []).map { (decimal($0[0]), decimal($0[1])) }
    }
}
