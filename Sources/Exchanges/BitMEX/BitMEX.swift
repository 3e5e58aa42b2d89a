public import MarketModel
public import OrderBooks

/// BitMEX's WebSocket: inverse, linear and quanto contracts and spot pairs on one connection.
// The protocol documents its members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
public struct BitMEX: Exchange {
    /// The exchange.
    public init() {}

    public var name: String { "bitmex" }
    public var protocolID: String { "bitmex-v1" }
    public var markets: [Market] { [.multi] }
    public var depths: [Int] { [] }
    public var bookRules: BookRules { BookRules() }
    public var definitions: any DefinitionRules { BitMEXDefinitions() }

    /// `XBT_USDT` spot; `XBTUSD`, `XBTZ26` inverse; `XBTUSDT`, `ETHUSD` linear.
    public func market(ofSymbol symbol: String) -> Market {
        if symbol.contains("_") { return .spot }
        return symbol.hasPrefix("XBT") && !symbol.hasPrefix("XBTUSDT") ? .inverse : .linear
    }

    /// Everywhere: spot pairs count the smallest unit of what is traded.
    public func countsContracts(on market: Market) -> Bool { true }

    public func endpoint(of market: Market) -> String? {
        market == .multi ? "wss://ws.bitmex.com/realtime" : nil
    }

    public func makeDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        BitMEXDecoder(venue: venue)
    }

    public func makeSearchingDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        BitMEXDecoder(venue: venue, readsInOrder: false)
    }

    /// The greatest `timestamp` of the rows.
    public func venueTime(of frame: RawSpan) -> Int64? {
        guard JSONValidator.isValid(frame) else { return nil }
        var rows = JSONValue.root(of: frame).member("data", in: frame)?.elements(in: frame)
        var times: [Int64] = []
        while let row = rows?.next(in: frame) {
            if let time = row.member("timestamp", in: frame)?.rfc3339(in: frame) { times.append(time) }
        }
        return times.max()
    }

    public func encoder(of market: Market) -> any FrameEncoder { BitMEXEncoder() }

    public func server(of market: Market) -> any ServerRules { BitMEXServer() }

    public func simulation(of market: Market) -> (any SimulationModel)? {
        market == .multi ? BitMEXSimulation() : nil
    }
}

extension Exchange where Self == BitMEX {
    /// BitMEX.
    public static var bitmex: BitMEX { BitMEX() }
}
