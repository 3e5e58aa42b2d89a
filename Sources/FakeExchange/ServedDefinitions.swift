import Exchanges
import MarketModel
public import Recording
public import Simulation

/// What a fake exchange says of the instruments it offers: REST replies by their paths, or a channel's message.
public struct ServedDefinitions: Sendable {
    /// The bodies of all pages in the order they are asked for.
    public private(set) var bodies: [[UInt8]] = []
    private var indexes: [String: Int] = [:]
    /// The symbols offered; nil where the source does not tell.
    let symbols: Set<String>?
    /// The snapshot of the channel, at venues that have one.
    public let message: String?

    /// Of a simulated venue: its symbols as their profiles have them, `pageSize` a page where the venue has pages.
    public init(simulating venue: SimulationPlan.Venue, pageSize: Int = .max) {
        let entries = venue.symbols.map { DefinitionText.entry(of: $0, at: venue.exchange, venue.market) }
        message = DefinitionText.message(entries, at: venue.exchange)
        symbols = Set(venue.symbols.map(\.symbol))
        let queries =
            ExchangeCatalog.standard.named(venue.exchange)?.definitions.queries(of: venue.market) ?? []
        for (index, query) in queries.enumerated() {
            // The first lists what trades; those behind it what does not yet.
            var (rest, page, path) = (index == 0 ? entries[...] : [], 1, query)
            repeat {
                let part = rest.prefix(pageSize)
                rest = rest.dropFirst(part.count)
                page += 1
                let next = rest.isEmpty ? nil : "page%3D\(page)"
                let text = DefinitionText.reply(Array(part), next: next, at: venue.exchange, venue.market)
                add(Array(text.utf8), path)
                path = next.map { DefinitionPage.path(query, cursor: $0) } ?? query
            } while !rest.isEmpty
        }
    }

    /// Of a recording: the replies of the first round in which the channel's market answered every request; of the one
    /// with the most where none is whole.
    public init(path: String, exchange: String, market: String) throws(RecordingError) {
        (message, symbols) = (nil, nil)
        guard let rules = ExchangeCatalog.standard.named(exchange)?.definitions else { return }
        let tells = { (channel: FrameChannel) in
            channel.exchange == exchange && channel.market == market
                && (channel.direction == .http || channel.direction == .status)
        }
        let reader = try RecordingReader(path: path, isWanted: tells)
        var (best, round) = ([(path: String, body: [UInt8])](), RecordedRound?.none)
        while try reader.advance() {
            guard tells(reader.channel) else { continue }
            if reader.channel.direction == .status {
                if reader.status?.endsRound == true { round = nil }
                continue
            }
            var current = round ?? RecordedRound(reader.channel, rules)
            let goesOn = current.take(reader.bytes)
            if current.isWhole || current.replies.count > best.count { best = current.replies }
            if current.isWhole { break }
            round = goesOn ? current : nil
        }
        for reply in best { add(reply.body, reply.path) }
    }

    /// The body that answers a request; nil if there is none.
    func reply(to uri: String) -> [UInt8]? { indexes[Self.key(uri)].map { bodies[$0] } }

    private mutating func add(_ body: [UInt8], _ path: String) {
        indexes[Self.key(path)] = bodies.count
        bodies.append(body)
    }

    /// The order of parameters and the size of a page do not matter.
    private static func key(_ uri: String) -> String {
        let parts = uri.split(separator: "?", maxSplits: 1)
        let items = parts.count == 2 ? parts[1].split(separator: "&") : []
        return ([parts.first ?? "/"] + items.filter { !$0.hasPrefix("limit=") }.sorted())
            .joined(separator: "&")
    }
}

/// Definitions as the venues write them.
enum DefinitionText {
    static func entry(of profile: SymbolProfile, at exchange: String, _ market: Market) -> String {
        let tick = FixedDecimal(mantissa: profile.tick, scale: UInt8(profile.priceDecimals))
        let step = FixedDecimal(mantissa: 1, scale: UInt8(profile.sizeDecimals))
        let (base, quote) = assets(of: profile.symbol)
        switch exchange {
        case "bybit": return bybit(profile.symbol, base, quote, tick, step, market)
        case "coinbase":
            return
                #"{"product_id":"\#(profile.symbol)","base_increment":"\#(step)","quote_increment":"\#(tick)","#
                + #""base_min_size":"\#(step)","status":"online","trading_disabled":false,"product_type":"SPOT","#
                + #""quote_currency_id":"\#(quote)","base_currency_id":"\#(base)","price_increment":"\#(tick)"}"#
        default:
            return #"{"symbol":"\#(profile.symbol)","base":"\#(base)","quote":"\#(quote)","status":"online","#
                + #""qty_precision":\#(profile.sizeDecimals),"qty_increment":\#(step),"#
                + #""price_precision":\#(profile.priceDecimals),"tick_size":\#(tick),"price_increment":\#(tick),"#
                + #""qty_min":\#(step)}"#
        }
    }

    private static func bybit(
        _ symbol: String,
        _ base: String,
        _ quote: String,
        _ tick: FixedDecimal,
        _ step: FixedDecimal,
        _ market: Market
    ) -> String {
        let (kind, sizes) =
            switch market {
            case .spot: ("", #""basePrecision":"\#(step)""#)
            case .linear: (#""contractType":"LinearPerpetual","#, #""qtyStep":"\#(step)""#)
            case .inverse: (#""contractType":"InversePerpetual","#, #""qtyStep":"\#(step)""#)
            }
        return
            #"{"symbol":"\#(symbol)",\#(kind)"status":"Trading","baseCoin":"\#(base)","quoteCoin":"\#(quote)","#
            + #""priceFilter":{"tickSize":"\#(tick)"},"lotSizeFilter":{"minOrderQty":"\#(step)",\#(sizes)}}"#
    }

    private static func assets(of symbol: String) -> (base: String, quote: String) {
        for mark in ["-", "/"] {
            let parts = symbol.split(separator: mark).map(String.init)
            if parts.count == 2 { return (parts[0], parts[1]) }
        }
        let quote = ["USDT", "USDC", "USD"].first(where: symbol.hasSuffix) ?? ""
        return (String(symbol.dropLast(quote.count)), quote)
    }

    /// A REST reply; `next` names the page behind it.
    static func reply(
        _ entries: [String],
        next: String?,
        at exchange: String,
        _ market: Market
    ) -> String {
        let list = entries.joined(separator: ",")
        if exchange == "coinbase" {
            let pages = next.map { #"{"next_cursor":"\#($0)","has_next":true}"# } ?? "null"
            return #"{"products":[\#(list)],"num_products":\#(entries.count),"pagination":\#(pages)}"#
        }
        return #"{"retCode":0,"retMsg":"OK","result":{"category":"\#(market.rawValue)","list":[\#(list)],"#
            + #""nextPageCursor":"\#(next ?? "")"},"retExtInfo":{}}"#
    }

    /// The snapshot of a channel; nil at venues that have none.
    static func message(_ entries: [String], at exchange: String) -> String? {
        guard ExchangeCatalog.standard.named(exchange)?.definitions.channelRequest != nil else { return nil }
        return #"{"channel":"instrument","type":"snapshot","data":{"assets":[],"#
            + #""pairs":[\#(entries.joined(separator: ","))]}}"#
    }
}
