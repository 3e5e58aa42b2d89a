public import ArgumentParser
import Capture
import Exchanges
public import MarketModel
import Recording

/// What to subscribe to, on the command line.
struct FeedOptions: ParsableArguments {
    @Option(
        help: "A TOML file with what to record; see docs/RECORD.md.",
        completion: .file(extensions: ["toml"])
    )
    var manifest: String?

    @Option(
        help:
            "Repeatable: exchange or exchange/market, a colon and symbols, one connection each: \(HelpExample.spot.venue):\(HelpExample.spot.pair)"
    )
    var feed: [String] = []

    @Option(
        help:
            "The exchange: \(FeedSelection.list(ExchangeCatalog.standard.all.map(\.name), "or")) (default: \(HelpExample.usual.exchange))."
    )
    var exchange: String?

    @Option(
        help: "The market: spot, linear, inverse or option (default: \(FeedOptions.usualMarkets)).",
        completion: .list(Market.allCases.map(\.rawValue))
    )
    var market: String?

    @Option(help: "Symbols as the exchange writes them: BTCUSDT,ETHUSDT")
    var symbols: String?

    @Option(help: "Kinds of feed: book,trades,liquidations,funding,open_interest (default: all there are).")
    var kinds: String?

    @Option(help: "Levels a side of the books, as the exchange offers them.")
    var depth: Int?

    @Option(
        help: "Repeatable: another address than the exchange's own, ws://host:port/path, or EXCHANGE=wss://…"
    )
    var endpoint: [String] = []

    @Option(
        help:
            "Repeatable: where definitions, seeds of books and values are asked for, http://host:port, or EXCHANGE=https://… (default: the exchange's own, or nowhere if --endpoint names another)."
    )
    var restEndpoint: [String] = []

    private static var usualMarkets: String {
        let linear = ExchangeCatalog.standard.all.filter { FeedSelection.usualMarket(of: $0) == .linear }
        return "linear at \(FeedSelection.list(linear.map(\.name), "and")), spot elsewhere"
    }

    /// Throws on invalid options, naming valid ones.
    func check() throws {
        do {
            for text in endpoint { _ = try Endpoint(checkedAddress(of: text)) }
            for text in restEndpoint { _ = try Endpoint(rest: checkedAddress(of: text)) }
            _ = try connections()
        } catch let error as FeedError {
            throw ValidationError(error.description)
        } catch let error as ManifestError {
            throw ValidationError(error.description)
        } catch let error as CaptureError {
            throw ValidationError(error.description)
        }
    }

    /// The manifest, if one is named.
    func session() throws -> SessionManifest {
        try manifest.map(SessionManifest.init(path:)) ?? SessionManifest()
    }

    /// The connections of the flags, or of the manifest.
    func connections() throws -> [CapturePlan.Connection] {
        if manifest != nil {
            guard feed.isEmpty, exchange == nil, symbols == nil, market == nil, kinds == nil, depth == nil
            else {
                throw FeedError.twice
            }
            var connections = try session().connections
            for index in connections.indices {
                address(&connections[index])
            }
            return connections
        }
        if let symbols {
            guard feed.isEmpty else { throw FeedError.twice }
            return [
                try connection(
                    exchange ?? FeedSelection.usualExchange.name,
                    market.map(FeedSelection.market),
                    symbols.split(separator: ",").map(String.init)
                )
            ]
        }
        guard !feed.isEmpty else { throw FeedError.noSymbols }
        return try feed.map { text in
            let parts = text.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { throw FeedError.feed(text) }
            let venue = parts[0].split(separator: "/", maxSplits: 1).map(String.init)
            let market = try venue.count == 2 ? FeedSelection.market(venue[1]) : nil
            return try connection(venue[0], market, parts[1].split(separator: ",").map(String.init))
        }
    }

    private func connection(
        _ exchange: String,
        _ market: Market?,
        _ symbols: [String]
    ) throws -> CapturePlan.Connection {
        var kinds: FeedKinds?
        if let text = self.kinds {
            guard let wanted = FeedKinds(names: text) else { throw FeedError.kinds(text) }
            kinds = wanted
        }
        var connection = try FeedSelection.connection(
            exchange: exchange,
            market: market,
            symbols: symbols,
            kinds: kinds,
            depth: depth
        )
        address(&connection)
        return connection
    }

    private func address(_ connection: inout CapturePlan.Connection) {
        let (exchange, market) = (connection.exchange.name, connection.market)
        connection.endpoint = Self.address(of: exchange, market, endpoint) ?? connection.endpoint
        connection.restEndpoint = Self.address(of: exchange, market, restEndpoint) ?? connection.restEndpoint
    }

    /// Parses `URL` or `EXCHANGE=URL`; throws on an unknown exchange or market.
    private func checkedAddress(of text: String) throws(FeedError) -> String {
        let name = text.prefix { $0 != ":" && $0 != "=" }
        guard text.dropFirst(name.count).hasPrefix("=") else { return text }
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        _ = try FeedSelection.exchange(parts.first ?? "")
        if parts.count == 2 { _ = try FeedSelection.market(parts[1]) }
        return String(text.dropFirst(name.count + 1))
    }

    /// The address given for an exchange, or for all.
    private static func address(of exchange: String, _ market: Market, _ given: [String]) -> String? {
        for name in ["\(exchange)/\(market.rawValue)=", "\(exchange)="] {
            if let found = given.last(where: { $0.hasPrefix(name) }) {
                return String(found.dropFirst(name.count))
            }
        }
        return given.last { !$0.prefix { $0 != ":" }.contains("=") }
    }
}

extension Market: ExpressibleByArgument {}
