public import MarketModel
public import OrderBooks

/// Deribit's JSON-RPC v2, public channels: futures, options and spot on one connection.
// The protocol documents its members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
public struct Deribit: Exchange {
    /// The exchange.
    public init() {}

    public var name: String { "deribit" }
    public var protocolID: String { "deribit-v2" }
    public var markets: [Market] { [.multi] }
    public var depths: [Int] { [] }
    public var bookRules: BookRules { BookRules(isLinked: true) }
    public var definitions: any DefinitionRules { DeribitDefinitions() }

    /// `BTC-27MAR26-90000-C` and combos of options are options, `BTC_USDC` is spot, `BTC_USDC-PERPETUAL` linear,
    /// `BTC-PERPETUAL`, `BTC-27MAR26` and the spreads `BTC-FS-27MAR26_PERP` are inverse.
    public func market(ofSymbol symbol: String) -> Market {
        let parts = symbol.split(separator: "-", omittingEmptySubsequences: false)
        let isPair = parts[0].contains("_")
        guard parts.count > 1 else { return isPair ? .spot : .inverse }
        let isDated = parts[1].first?.isNumber == true
        let isFuture = parts.count == 2 || parts[1] == "FS" || isDated && !["C", "P"].contains(parts.last)
        return isFuture ? isPair ? .linear : .inverse : .option
    }

    public func endpoint(of market: Market) -> String? {
        market == .multi ? "wss://www.deribit.com/ws/api/v2" : nil
    }

    public func makeDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        DeribitDecoder(venue: venue)
    }

    public func makeSearchingDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        DeribitDecoder(venue: venue, readsInOrder: false)
    }

    /// `timestamp` of the data, the greatest of a list; of an answer `usOut`.
    public func venueTime(of text: RawSpan) -> Int64? {
        guard JSONValidator.isValid(text) else { return nil }
        let root = JSONValue.root(of: text)
        guard let data = root.member("params", in: text)?.member("data", in: text) else {
            return root.member("usOut", in: text)?.unixTime(in: text)
        }
        var times = [data.member("timestamp", in: text)?.milliseconds(in: text)]
        var trades = data.elements(in: text)
        while let trade = trades.next(in: text) {
            times.append(trade.member("timestamp", in: text)?.milliseconds(in: text))
        }
        return times.compactMap(\.self).max()
    }

    public func encoder(of market: Market) -> any FrameEncoder { DeribitEncoder() }

    public func server(of market: Market) -> any ServerRules { DeribitServer() }

    public func simulation(of market: Market) -> (any SimulationModel)? {
        market == .multi ? DeribitSimulation() : nil
    }
}

extension Exchange where Self == Deribit {
    /// Deribit.
    public static var deribit: Deribit { Deribit() }
}
