import MarketModel

/// What Binance is asked by REST: seeds of books, open interest, intervals of funding.
struct BinanceReplies: ReplyRules {
    let market: Market

    var weightLimit: Int { market == .spot ? 6_000 : 2_400 }

    /// The most levels of a seed that its weight is for.
    private var weights: [(limit: Int, weight: Int)] {
        market == .spot
            ? [(100, 5), (500, 25), (1_000, 50), (5_000, 250)]
            : [(5, 2), (10, 2), (20, 2), (50, 2), (100, 5), (500, 10), (1_000, 20)]
    }

    private var prefix: String { BinanceDefinitions.prefix(of: market) }

    /// Spot takes any number of levels, futures those of the table.
    func seedRequest(for symbol: String, depth: Int?) -> ReplyRequest? {
        let most = weights[weights.count - 1]
        let fitting = depth.flatMap { depth in weights.first { $0.limit >= depth } } ?? most
        let limit = market == .spot ? min(depth ?? most.limit, most.limit) : fitting.limit
        return ReplyRequest(
            "\(prefix)/depth?symbol=\(symbol.uppercased().queryLiteral)&limit=\(limit)",
            weight: fitting.weight
        )
    }

    var polledKinds: FeedKinds { market == .spot ? [] : .openInterest }

    func polls(of kinds: FeedKinds, symbol: String) -> [ReplyRequest] {
        guard market != .spot else { return [] }
        var requests: [ReplyRequest] = []
        if kinds.contains(.openInterest) {
            requests.append(ReplyRequest("\(prefix)/openInterest?symbol=\(symbol.uppercased().queryLiteral)"))
        }
        if kinds.contains(.fundingRates) {
            requests.append(ReplyRequest("\(prefix)/fundingInfo", repeats: false))
        }
        return requests
    }

    func seed(requestedBy path: String) -> (symbol: String, depth: Int)? {
        guard path.hasPrefix("\(prefix)/depth?") else { return nil }
        let query = BinanceQuery(path)
        return query.symbol.map {
            (String(decoding: $0, as: UTF8.self), query.limit ?? (market == .spot ? 100 : 500))
        }
    }

    func reply(seeding book: BookMessage) -> String {
        let times = [book.time, book.exchangeTime].map { $0 / UnixTime.millisecond }
        let stamp = market == .spot ? "" : #""E":\#(times[0]),"T":\#(times[1]),"#
        return #"{"lastUpdateId":\#(book.updateID),\#(stamp)\#(named(book.symbol))"#
            + #""bids":[\#(Self.list(book.bids))],"asks":[\#(Self.list(book.asks))]}"#
    }

    /// COIN-M says whose it is.
    private func named(_ symbol: String) -> String {
        guard market == .inverse else { return "" }
        return #""symbol":"\#(symbol)","pair":"\#(symbol.prefix { $0 != "_" })","#
    }

    func reply(telling ticker: TickerMessage, to path: String) -> String? {
        if path == "\(prefix)/fundingInfo" {
            let hours = ticker.funding?.intervalHours?.description ?? "8"
            return #"[{"symbol":"\#(ticker.symbol)","fundingIntervalHours":\#(hours)}]"#
        }
        guard path.hasPrefix("\(prefix)/openInterest?"), let interest = ticker.interest else { return nil }
        return #"{"symbol":"\#(ticker.symbol)","openInterest":"\#(interest.openInterest)","#
            + #""time":\#(interest.exchangeTime / UnixTime.millisecond)}"#
    }

    private static func list(_ levels: [PriceLevel]) -> String {
        levels.map { #"["\#($0.price)","\#($0.size)"]"# }.joined(separator: ",")
    }
}
