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

    /// The default exchange.
    static var usualExchange: any Exchange { ExchangeCatalog.usual }

    /// The default market: linear, or the first if the exchange has no linear one.
    static func usualMarket(of exchange: any Exchange) -> Market {
        exchange.markets.contains(.linear) ? .linear : exchange.markets.first ?? .spot
    }

    /// The exchanges that can be simulated.
    static let simulated = ExchangeCatalog.standard.all.filter { !$0.simulatedMarkets.isEmpty }

    /// An exchange's markets as options name them: `exchange/market`, or the exchange alone if it has one.
    static func names(of exchange: any Exchange) -> [String] {
        let markets = exchange.markets.filter { $0 != .spot } + exchange.markets.filter { $0 == .spot }
        return markets.count == 1 ? [exchange.name] : markets.map { "\(exchange.name)/\($0.rawValue)" }
    }

    /// A list of names in prose: a word such as `or` before the last.
    static func list(_ names: [String], _ last: String) -> String {
        guard let end = names.last, names.count > 1 else { return names.joined() }
        return "\(names.dropLast().joined(separator: ", ")) \(last) \(end)"
    }

    static func market(_ name: String) throws(FeedError) -> Market {
        if let found = Market(rawValue: name) { return found }
        let known = Market.allCases.filter { $0 != .multi }.map(\.rawValue)
        throw .market(name, nearest: NearestName.nearest(to: name, of: known))
    }

    /// One connection; without a market the default one, without kinds all.
    static func connection(
        exchange name: String,
        market: Market?,
        symbols: [String],
        kinds: FeedKinds?,
        depth: Int?
    ) throws(FeedError) -> CapturePlan.Connection {
        let exchange = try exchange(name)
        let market = market ?? usualMarket(of: exchange)
        guard exchange.markets.contains(market) else {
            throw exchange.markets == [.multi] ? .oneConnection(name) : .noMarket(name, market.rawValue)
        }
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
