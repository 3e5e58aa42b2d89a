public import MarketModel
public import OrderBooks

/// Hyperliquid's public WebSocket: perpetuals and spot pairs on one connection.
// The protocol documents its members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
public struct Hyperliquid: Exchange {
    /// The exchange.
    public init() {}

    public var name: String { "hyperliquid" }
    public var protocolID: String { "hyperliquid-v1" }
    public var markets: [Market] { [.multi] }
    public var depths: [Int] { [5, 20] }
    public var bookRules: BookRules { BookRules() }
    public var definitions: any DefinitionRules { HyperliquidDefinitions() }

    /// Pairs have a slash or the number of a pair, as `PURR/USDC` and `@107`; all else is a perpetual, as `BTC` and
    /// `dex:COIN`.
    public func market(ofSymbol symbol: String) -> Market {
        symbol.utf8.first == 0x40 || symbol.utf8.contains(0x2f) ? .spot : .linear
    }

    public func endpoint(of market: Market) -> String? {
        market == .multi ? "wss://api.hyperliquid.xyz/ws" : nil
    }

    public func makeDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        HyperliquidDecoder(venue: venue)
    }

    public func makeSearchingDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        HyperliquidDecoder(venue: venue, readsInOrder: false)
    }

    public var privateMembers: [StaticString] { ["users", "user", "hash", "cloid", "address"] }

    /// The `time` of what the message is about, of a list the greatest.
    public func venueTime(of frame: RawSpan) -> Int64? {
        guard JSONValidator.isValid(frame),
            let data = JSONValue.root(of: frame).member("data", in: frame)
        else { return nil }
        var greatest = data.member("time", in: frame)?.milliseconds(in: frame)
        var entries = data.elements(in: frame)
        while let entry = entries.next(in: frame) {
            guard let time = entry.member("time", in: frame)?.milliseconds(in: frame) else { continue }
            greatest = max(greatest ?? time, time)
        }
        return greatest
    }

    public func encoder(of market: Market) -> any FrameEncoder { HyperliquidEncoder() }

    public func server(of market: Market) -> any ServerRules { HyperliquidServer() }

    public func simulation(of market: Market) -> (any SimulationModel)? {
        market == .multi ? HyperliquidSimulation() : nil
    }
}

extension Exchange where Self == Hyperliquid {
    /// Hyperliquid.
    public static var hyperliquid: Hyperliquid { Hyperliquid() }
}
