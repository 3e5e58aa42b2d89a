public import MarketModel
public import OrderBooks

/// Coinbase Advanced Trade, public channels.
// The protocol documents its members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
public struct Coinbase: Exchange {
    /// The exchange.
    public init() {}

    public var name: String { "coinbase" }
    public var protocolID: String { "coinbase-adv-v3" }
    public var markets: [Market] { [.spot] }
    public var depths: [Int] { [] }
    public var bookRules: BookRules { BookRules() }
    public var definitions: any DefinitionRules { CoinbaseDefinitions() }

    public func endpoint(of market: Market) -> String? {
        market == .spot ? "wss://advanced-trade-ws.coinbase.com" : nil
    }

    public func makeDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        CoinbaseDecoder(venue: venue)
    }

    public func makeSearchingDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        CoinbaseDecoder(venue: venue, readsInOrder: false)
    }

    public func venueTime(of frame: RawSpan) -> Int64? {
        guard JSONValidator.isValid(frame) else { return nil }
        return JSONValue.root(of: frame).member("timestamp", in: frame)?.rfc3339(in: frame)
    }

    public func encoder(of market: Market) -> any FrameEncoder { CoinbaseEncoder() }

    public func server(of market: Market) -> any ServerRules { CoinbaseServer() }

    public func simulation(of market: Market) -> (any SimulationModel)? {
        market == .spot ? CoinbaseSimulation() : nil
    }
}

extension Exchange where Self == Coinbase {
    /// Coinbase.
    public static var coinbase: Coinbase { Coinbase() }
}
