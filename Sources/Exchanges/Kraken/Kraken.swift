public import MarketModel
public import OrderBooks

/// Kraken's WebSocket v2, public channels.
// The protocol documents its members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
public struct Kraken: Exchange {
    /// The exchange.
    public init() {}

    public var name: String { "kraken" }
    public var protocolID: String { "kraken-v2" }
    public var markets: [Market] { [.spot] }
    public var depths: [Int] { [10, 25, 100, 500, 1000] }
    public var bookRules: BookRules {
        BookRules(truncatesToDepth: true, hasOneTopic: true) { KrakenChecksum.of($0, &$1) }
    }
    public var definitions: any DefinitionRules { KrakenDefinitions() }

    public func endpoint(of market: Market) -> String? { market == .spot ? "wss://ws.kraken.com/v2" : nil }

    public func makeDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        KrakenDecoder(venue: venue)
    }

    public func makeSearchingDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        KrakenDecoder(venue: venue, readsInOrder: false)
    }

    /// The greatest `timestamp` among the entries of `data`.
    public func venueTime(of text: RawSpan) -> Int64? {
        guard JSONValidator.isValid(text) else { return nil }
        var greatest: Int64?
        var entries = JSONValue.root(of: text).member("data", in: text)?.elements(in: text)
        while let entry = entries?.next(in: text) {
            guard let time = entry.member("timestamp", in: text)?.rfc3339(in: text) else { continue }
            greatest = max(greatest ?? time, time)
        }
        return greatest
    }

    public func encoder(of market: Market) -> any FrameEncoder { KrakenEncoder() }

    public func server(of market: Market) -> any ServerRules { KrakenServer() }

    public func simulation(of market: Market) -> (any SimulationModel)? {
        market == .spot ? KrakenSimulation() : nil
    }
}

extension Exchange where Self == Kraken {
    /// Kraken.
    public static var kraken: Kraken { Kraken() }
}
