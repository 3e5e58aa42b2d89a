public import MarketModel
public import OrderBooks

/// OKX v5, public channels: spot, swaps, futures and options on one connection.
// The protocol documents its members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
public struct OKX: Exchange {
    /// The exchange.
    public init() {}

    public var name: String { "okx" }
    public var protocolID: String { "okx-v5" }
    public var markets: [Market] { [.multi] }
    public var depths: [Int] { [1, 5, Int(Self.wholeDepth)] }
    public var bookRules: BookRules {
        BookRules(isLinked: true, sharesNumbers: true) { AlternatingChecksum.of($0, .plain, &$1) }
    }
    public var definitions: any DefinitionRules { OKXDefinitions() }

    /// The most levels a side that the venue sends.
    static let wholeDepth: UInt32 = 400

    public func market(ofSymbol symbol: String) -> Market {
        switch OKXInstrumentType(ofSymbol: symbol) {
        case .spot: .spot
        case .option: .option
        case .swap, .futures:
            symbol.split(separator: "-", omittingEmptySubsequences: false)[1] == "USD" ? .inverse : .linear
        }
    }

    public func countsContracts(on market: Market) -> Bool { market != .spot }

    public func endpoint(of market: Market) -> String? {
        market == .multi ? "wss://ws.okx.com:8443/ws/v5/public" : nil
    }

    public func makeDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        OKXDecoder(venue: venue)
    }

    public func makeSearchingDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        OKXDecoder(venue: venue, readsInOrder: false)
    }

    /// The greatest `ts` among the entries of `data`, and the orders of one.
    public func venueTime(of text: RawSpan) -> Int64? {
        guard JSONValidator.isValid(text) else { return nil }
        var greatest: Int64?
        var entries = JSONValue.root(of: text).member("data", in: text)?.elements(in: text)
        while let entry = entries?.next(in: text) {
            var times = [entry.member("ts", in: text)?.milliseconds(in: text)]
            var orders = entry.member("details", in: text)?.elements(in: text)
            while let order = orders?.next(in: text) {
                times.append(order.member("ts", in: text)?.milliseconds(in: text))
            }
            greatest = ([greatest] + times).compactMap(\.self).max()
        }
        return greatest
    }

    public func encoder(of market: Market) -> any FrameEncoder { OKXEncoder() }

    public func server(of market: Market) -> any ServerRules { OKXServer() }

    public func simulation(of market: Market) -> (any SimulationModel)? {
        market == .multi ? OKXSimulation() : nil
    }
}

extension Exchange where Self == OKX {
    /// OKX.
    public static var okx: OKX { OKX() }
}
