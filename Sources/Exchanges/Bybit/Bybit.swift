public import MarketModel
public import OrderBooks

/// Bybit v5, public channels of spot, linear and inverse.
// The protocol documents its members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
public struct Bybit: Exchange {
    /// The exchange.
    public init() {}

    public var name: String { "bybit" }
    public var protocolID: String { "bybit-v5" }
    public var markets: [Market] { [.spot, .linear, .inverse] }
    public var depths: [Int] { [1, 50, 200, 1000] }
    public var bookRules: BookRules { BookRules(hasContiguousUpdateIDs: true) }
    public var definitions: any DefinitionRules { BybitDefinitions() }

    public func endpoint(of market: Market) -> String? {
        markets.contains(market) ? "wss://stream.bybit.com/v5/public/\(market.rawValue)" : nil
    }

    public func makeDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        BybitDecoder(market: market, venue: venue)
    }

    public func makeSearchingDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        BybitDecoder(market: market, venue: venue, readsInOrder: false)
    }

    public func venueTime(of frame: RawSpan) -> Int64? {
        guard JSONValidator.isValid(frame) else { return nil }
        return JSONValue.root(of: frame).member("ts", in: frame)?.milliseconds(in: frame)
    }

    public func makeMarketEvidence() -> (any MarketEvidence)? { BybitMarketEvidence() }

    public func encoder(of market: Market) -> any FrameEncoder { BybitEncoder(market: market) }

    public func server(of market: Market) -> any ServerRules { BybitServer(market: market) }

    public var simulatedMarkets: [Market] { [.linear, .inverse, .spot] }

    public func simulation(of market: Market) -> (any SimulationModel)? {
        markets.contains(market) ? BybitSimulation(market: market) : nil
    }
}

extension Exchange where Self == Bybit {
    /// Bybit.
    public static var bybit: Bybit { Bybit() }
}
