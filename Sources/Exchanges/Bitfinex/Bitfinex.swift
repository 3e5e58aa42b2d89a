public import MarketModel
public import OrderBooks

/// Bitfinex' WebSocket v2, public channels: spot and perpetual contracts on one connection.
// The protocol documents its members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
public struct Bitfinex: Exchange {
    /// The exchange.
    public init() {}

    public var name: String { "bitfinex" }
    public var protocolID: String { "bitfinex-v2" }
    public var markets: [Market] { [.multi] }
    public var depths: [Int] { [1, 25, 100, 250] }
    public var bookRules: BookRules { BookRules { AlternatingChecksum.of($0, .signed, &$1) } }
    public var definitions: any DefinitionRules { BitfinexDefinitions() }

    /// `tBTCF0:USTF0` linear; `tBTCUSD`, `tDUSK:USD` spot.
    public func market(ofSymbol symbol: String) -> Market {
        let parts = symbol.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { $0.hasSuffix("F0") } ? .linear : .spot
    }

    public func endpoint(of market: Market) -> String? {
        market == .multi ? "wss://api-pub.bitfinex.com/ws/2" : nil
    }

    public func makeDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        BitfinexDecoder(venue: venue)
    }

    public func makeSearchingDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        BitfinexDecoder(venue: venue, readsInOrder: false)
    }

    /// When the message was sent, if that was asked for; else the time of a trade, a derivative's status or a forced
    /// order, the greatest of a list.
    public func venueTime(of text: RawSpan) -> Int64? {
        guard JSONValidator.isValid(text) else { return nil }
        var elements = JSONValue.root(of: text).elements(in: text)
        guard elements.next(in: text) != nil, var content = elements.next(in: text) else { return nil }
        let isWord = content.kind(in: text) == .string
        if isWord, !content.isString("hb", in: text) { content = elements.next(in: text) ?? .none }
        var (sent, found) = (nil as Int64?, nil as Int64?)
        while let number = elements.next(in: text) {
            sent = number.integer(in: text).flatMap(Self.time(ofNumber:)) ?? sent
        }
        var entries = content == .none ? nil : content.elements(in: text)
        while let entry = entries?.next(in: text) {
            let isForced = entry.place(0, in: text)?.kind(in: text) == .string
            let isList = entry.kind(in: text) == .array
            let time = isList ? entry.place(isForced ? 2 : 1, in: text) : entry
            found = [found, time?.integer(in: text).flatMap(Self.time(ofNumber:))].compactMap(\.self).max()
            // Of one entry the first two numbers may be its time: behind them may be others.
            if !isList, found != nil { break }
        }
        return sent ?? found
    }

    /// The time that a number of milliseconds says, in nanoseconds; nil of lesser ones, which are no times: they count
    /// messages, of which no connection sends as many.
    @inline(__always)
    static func time(ofNumber number: Int64) -> Int64? {
        1_000_000_000_000...(Int64.max / UnixTime.millisecond) ~= number
            ? number * UnixTime.millisecond : nil
    }

    public func encoder(of market: Market) -> any FrameEncoder { BitfinexEncoder() }

    public func server(of market: Market) -> any ServerRules { BitfinexServer() }

    public func simulation(of market: Market) -> (any SimulationModel)? {
        market == .multi ? BitfinexSimulation() : nil
    }
}

extension Exchange where Self == Bitfinex {
    /// Bitfinex.
    public static var bitfinex: Bitfinex { Bitfinex() }
}
