public import MarketModel
public import OrderBooks

/// Binance's public streams: spot, USD-M futures (linear) and COIN-M futures (inverse); or Binance.US, which has spot alone.
// The protocol documents its members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
public struct Binance: Exchange {
    private let isUS: Bool

    /// The exchange, or the one for the United States.
    public init(isUS: Bool = false) { self.isUS = isUS }

    public var name: String { isUS ? "binance-us" : "binance" }
    public var protocolID: String { "\(name)-v1" }
    public var markets: [Market] { isUS ? [.spot] : [.spot, .linear, .inverse] }
    public var depths: [Int] { [] }
    public var bookRules: BookRules { BookRules(isSeeded: true, sharesNumbers: true) }
    public var definitions: any DefinitionRules { BinanceDefinitions(isUS: isUS) }

    public func replyRules(of market: Market) -> (any ReplyRules)? { BinanceReplies(market: market) }

    public func countsContracts(on market: Market) -> Bool { market == .inverse }

    public func endpoint(of market: Market) -> String? {
        if isUS { return market == .spot ? "wss://stream.binance.us:9443/stream" : nil }
        return switch market {
        case .spot: "wss://stream.binance.com:9443/stream"
        case .linear: "wss://fstream.binance.com/stream"
        case .inverse: "wss://dstream.binance.com/stream"
        case .option, .multi: nil
        }
    }

    public func makeDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        BinanceDecoder(market: market, venue: venue)
    }

    public func makeSearchingDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        BinanceDecoder(market: market, venue: venue, readsInOrder: false)
    }

    public func venueTime(of frame: RawSpan) -> Int64? {
        guard JSONValidator.isValid(frame) else { return nil }
        return BinancePayload.time(of: .root(of: frame), in: frame)
    }

    public func makeMarketEvidence() -> (any MarketEvidence)? { isUS ? nil : BinanceMarketEvidence() }

    public func encoder(of market: Market) -> any FrameEncoder { BinanceEncoder(market: market) }

    public func server(of market: Market) -> any ServerRules { BinanceServer(market: market) }

    public var simulatedMarkets: [Market] { isUS ? [] : [.linear, .inverse, .spot] }

    public func simulation(of market: Market) -> (any SimulationModel)? {
        isUS || !markets.contains(market) ? nil : BinanceSimulation(market: market)
    }
}

extension Exchange where Self == Binance {
    /// Binance.
    public static var binance: Binance { Binance() }
}
