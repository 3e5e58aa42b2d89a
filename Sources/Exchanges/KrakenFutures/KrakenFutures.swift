public import MarketModel
public import OrderBooks

/// Kraken Futures' WebSocket v1, public feeds: inverse and linear contracts on one connection.
// The protocol documents its members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
public struct KrakenFutures: Exchange {
    /// The exchange.
    public init() {}

    public var name: String { "kraken-futures" }
    public var protocolID: String { "kraken-futures-v1" }
    public var markets: [Market] { [.multi] }
    public var depths: [Int] { [] }
    public var bookRules: BookRules { BookRules(hasContiguousUpdateIDs: true) }
    public var definitions: any DefinitionRules { KrakenFuturesDefinitions() }

    /// `PI_XBTUSD`, `FI_XBTUSD_260925` inverse; `PF_XBTUSD`, `FF_XBTUSD_260925`, `PV_XRPXBT` linear.
    public func market(ofSymbol symbol: String) -> Market {
        symbol.hasPrefix("PI_") || symbol.hasPrefix("FI_") ? .inverse : .linear
    }

    public func countsContracts(on market: Market) -> Bool { market == .inverse }

    public func endpoint(of market: Market) -> String? {
        market == .multi ? "wss://futures.kraken.com/ws/v1" : nil
    }

    public func makeDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        KrakenFuturesDecoder(venue: venue)
    }

    public func makeSearchingDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        KrakenFuturesDecoder(venue: venue, readsInOrder: false)
    }

    /// `timestamp` of books, `time` of trades and tickers, the greatest of a list.
    public func venueTime(of text: RawSpan) -> Int64? {
        guard JSONValidator.isValid(text) else { return nil }
        let root = JSONValue.root(of: text)
        var times = ["timestamp", "time"].map { root.member($0, in: text)?.milliseconds(in: text) }
        var trades = root.member("trades", in: text)?.elements(in: text)
        while let trade = trades?.next(in: text) {
            times.append(trade.member("time", in: text)?.milliseconds(in: text))
        }
        return times.compactMap(\.self).max()
    }

    public func encoder(of market: Market) -> any FrameEncoder { KrakenFuturesEncoder() }

    public func server(of market: Market) -> any ServerRules { KrakenFuturesServer() }

    public func simulation(of market: Market) -> (any SimulationModel)? {
        market == .multi ? KrakenFuturesSimulation() : nil
    }
}

extension Exchange where Self == KrakenFutures {
    /// Kraken Futures.
    public static var krakenFutures: KrakenFutures { KrakenFutures() }
}
