import Exchanges
import MarketModel

/// Answers a venue's own requests as the venue would, and knows what is subscribed: a pure value.
package struct SubscriptionDesk: Sendable {
    private let exchange: String
    private let isSpot: Bool
    /// The symbols that can be subscribed to; nil takes any.
    private let offered: Set<String>?
    /// The depths of its books; nil takes any.
    private let depths: Set<Int>?
    private var topics: [ServedTopic] = []
    /// Topics of the last request that were not subscribed before.
    package private(set) var added: [ServedTopic] = []

    /// The desk of one connection.
    package init(
        exchange: String,
        market: String,
        offered: Set<String>? = nil,
        depths: Set<Int>? = nil
    ) {
        self.exchange = exchange
        self.offered = offered
        self.depths = depths
        isSpot = market == Market.spot.rawValue
    }

    /// Whether anything is subscribed.
    package var hasSubscriptions: Bool { !topics.isEmpty }

    /// Whether a frame goes to this client: its topic is subscribed, or it has none.
    ///
    /// Acks and pongs of the source answer other requests and go to nobody.
    package func wants(_ topic: FrameTopic, of frame: RawSpan) -> Bool {
        switch topic {
        case .named(let channel, let symbol):
            for topic in topics where topic.matches(frame, channel, symbol) { return true }
            return false
        case .general: return true
        case .answer: return false
        }
    }

    /// The frames that answer a request; `time` is the recorded time at which the venue answers.
    package mutating func answer(_ text: String, at time: Int64) -> [String] {
        added = []
        guard let request = VenueRequest(text) else {
            return [#"{"success":false,"error":"Malformed request","ret_msg":"Malformed request","op":""}"#]
        }
        switch exchange {
        case "bybit": return bybit(request, time)
        case "coinbase": return coinbase(request)
        default: return kraken(request, time)
        }
    }

    private mutating func change(_ changed: [ServedTopic], subscribes: Bool) {
        if subscribes { added = changed.filter { !topics.contains($0) } }
        topics.removeAll(where: changed.contains)
        if subscribes { topics += changed }
    }

    private func isOffered(_ symbol: some StringProtocol) -> Bool {
        offered?.contains(String(symbol)) ?? true
    }

    private mutating func bybit(_ request: VenueRequest, _ time: Int64) -> [String] {
        let operation = request.text("op") ?? ""
        if operation == "ping" {
            return [
                isSpot
                    ? #"{"success":true,"ret_msg":"pong","conn_id":"fake","req_id":"","op":"ping"}"#
                    : #"{"req_id":"","op":"pong","args":["0"],"conn_id":"fake"}"#
            ]
        }
        guard operation == "subscribe" || operation == "unsubscribe" else {
            return [#"{"success":false,"ret_msg":"error:handler not found","conn_id":"fake","op":""}"#]
        }
        let topics = request.texts("args")
        if isSpot, topics.count > 10 {
            return [#"{"success":false,"ret_msg":"args size >10","conn_id":"fake","op":"subscribe"}"#]
        }
        let id = (request.text("req_id") ?? "").jsonLiteral
        // One topic that is none refuses the request whole.
        if let wrong = topics.first(where: { !isBybitTopic($0) }) {
            let reason = "error:handler not found,topic:\(wrong)".jsonLiteral
            return [
                #"{"success":false,"ret_msg":\#(reason),"conn_id":"fake","#
                    + #""req_id":\#(id),"op":"\#(operation)"}"#
            ]
        }
        change(topics.map { ServedTopic($0) }, subscribes: operation == "subscribe")
        let word = isSpot && operation == "subscribe" ? "subscribe" : ""
        return [
            #"{"success":true,"ret_msg":"\#(word)","conn_id":"fake","req_id":\#(id),"#
                + #""ts":\#(time / UnixTime.millisecond),"op":"\#(operation)"}"#
        ]
    }

    /// Whether a topic is one of the venue's, of a symbol that is offered and of a depth that is served.
    private func isBybitTopic(_ topic: String) -> Bool {
        let parts = topic.split(separator: ".", omittingEmptySubsequences: false)
        guard let symbol = parts.last, isOffered(symbol) else { return false }
        switch (parts.first ?? "", parts.count) {
        case ("orderbook", 3): return Int(parts[1]).map(isServed) ?? false
        case ("publicTrade", 2), ("tickers", 2): return true
        case ("allLiquidation", 2): return !isSpot
        default: return false
        }
    }

    private func isServed(_ depth: Int) -> Bool { depths?.contains(depth) ?? true }

    private mutating func coinbase(_ request: VenueRequest) -> [String] {
        guard let type = request.text("type"), let channel = request.text("channel"),
            type == "subscribe" || type == "unsubscribe"
        else { return [#"{"type":"error","message":"unknown request"}"#] }
        guard ["level2", "market_trades", "heartbeats"].contains(channel) else {
            return [#"{"type":"error","message":\#("channel \(channel) is not supported".jsonLiteral)}"#]
        }
        let name = channel == "level2" ? "l2_data" : channel
        let products = request.texts("product_ids")
        if let wrong = products.first(where: { !isOffered($0) }) {
            return [#"{"type":"error","message":\#("\(wrong) is not a valid product".jsonLiteral)}"#]
        }
        let topics = products.map { ServedTopic(name, symbol: $0) }
        change(topics, subscribes: type == "subscribe")
        // Acks come from the source: they have sequence numbers.
        return []
    }

    private mutating func kraken(_ request: VenueRequest, _ time: Int64) -> [String] {
        let method = request.text("method") ?? ""
        if method == "ping" { return [#"{"method":"pong"}"#] }
        guard method == "subscribe" || method == "unsubscribe", let channel = request.text("channel") else {
            return [#"{"error":"Unsupported method","method":"\#(method)","success":false}"#]
        }
        let stamp = UnixTime.rfc3339(time, fractionDigits: 6)
        if channel == "instrument" {
            change([.definitions], subscribes: method == "subscribe")
            return [
                #"{"method":"\#(method)","result":{"channel":"instrument","snapshot":true},"success":true,"#
                    + #""time_in":"\#(stamp)","time_out":"\#(stamp)"}"#
            ]
        }
        let symbols = request.texts("symbol")
        let id = request.number("req_id").map { #","req_id":\#($0)"# } ?? ""
        let end = #""success":SUCCESS\#(id),"time_in":"\#(stamp)","time_out":"\#(stamp)"}"#
        let depth = request.number("depth") ?? 10
        let refused = symbols.map { refusal(of: $0, channel, depth) }
        let known = zip(symbols, refused).filter { $0.1 == nil }.map(\.0)
        change(known.map { ServedTopic(channel, symbol: $0) }, subscribes: method == "subscribe")
        return zip(symbols, refused).map { symbol, reason in
            let name = symbol.jsonLiteral
            if let reason {
                return #"{"error":\#(reason.jsonLiteral),"method":"\#(method)","symbol":\#(name),"#
                    + end.replacing("SUCCESS", with: "false")
            }
            let levels = channel == "book" ? #","depth":\#(depth)"# : ""
            return #"{"method":"\#(method)","result":{"channel":"\#(channel)","symbol":\#(name)\#(levels),"#
                + #""snapshot":true},"# + end.replacing("SUCCESS", with: "true")
        }
    }

    /// Why Kraken refuses a symbol of a request; nil if it does not.
    private func refusal(of symbol: String, _ channel: String, _ depth: Int) -> String? {
        guard channel == "book" || channel == "trade" else { return "Channel not supported \(channel)" }
        guard isOffered(symbol) else { return "Currency pair not supported \(symbol)" }
        return channel == "trade" || isServed(depth) ? nil : "Subscription depth not supported"
    }
}
