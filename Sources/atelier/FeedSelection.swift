import Capture
import Exchanges
import MarketModel
import Recording

/// Makes connections of names, and says what names there are.
enum FeedSelection {
    static func exchange(_ name: String) throws(FeedError) -> any Exchange {
        if let found = ExchangeCatalog.standard.named(name) { return found }
        let known = ExchangeCatalog.standard.all.map(\.name)
        throw .exchange(name, nearest: NearestName.nearest(to: name, of: known), known: known)
    }

    static func market(_ name: String) throws(FeedError) -> Market {
        if let found = Market(rawValue: name) { return found }
        let known = Market.allCases.map(\.rawValue)
        throw .market(name, nearest: NearestName.nearest(to: name, of: known))
    }

    /// One connection; the market is linear or spot where none is named, the kinds all there are.
    static func connection(
        exchange name: String,
        market: Market?,
        symbols: [String],
        kinds: FeedKinds?,
        depth: Int?
    ) throws(FeedError) -> CapturePlan.Connection {
        let exchange = try exchange(name)
        let market = market ?? (exchange.markets.contains(.linear) ? .linear : .spot)
        guard exchange.markets.contains(market) else { throw .noMarket(name, market.rawValue) }
        if let depth, !exchange.depths.isEmpty, !exchange.depths.contains(depth) {
            throw .depth(name, depth, offered: exchange.depths)
        }
        guard !symbols.isEmpty else { throw .noSymbols }
        let chosen = kinds?.intersection(exchange.kinds) ?? exchange.kinds
        guard !chosen.isEmpty else { throw .noKind(name) }
        return CapturePlan.Connection(
            exchange: exchange,
            market: market,
            subscriptions: symbols.map { Subscription(chosen, symbol: $0, depth: depth) }
        )
    }
}

/// Why feeds make no sense.
enum FeedError: Error, Equatable, CustomStringConvertible {
    case exchange(String, nearest: String, known: [String])
    case market(String, nearest: String)
    case noMarket(String, String)
    case depth(String, Int, offered: [Int])
    case kinds(String)
    case noKind(String)
    case noSymbols
    case feed(String)
    case twice

    var description: String {
        switch self {
        case .exchange(let name, let nearest, let known):
            "unknown exchange '\(name)'; nearest: \(nearest) (known: \(known.joined(separator: ", ")))"
        case .market(let name, let nearest): "unknown market '\(name)'; nearest: \(nearest)"
        case .noMarket(let name, let market): "\(name) has no market '\(market)' here"
        case .depth(let name, let depth, let offered):
            "\(name) offers books of \(offered.map(String.init).joined(separator: ", ")) levels, found \(depth)"
        case .kinds(let text): "kinds are \(FeedKindNames.names.joined(separator: ", ")); found '\(text)'"
        case .noKind(let name): "\(name) has no feed of the kinds wanted"
        case .noSymbols: "name at least one symbol with --symbols, --feed or a manifest"
        case .feed(let text):
            "--feed '\(text)' names no symbols; expected such as bybit/linear:BTCUSDT,ETHUSDT"
        case .twice: "name feeds in one way: --manifest, --feed, or --exchange with --symbols"
        }
    }
}
