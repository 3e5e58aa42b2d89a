import MarketModel

/// Answers a venue's own requests as the venue would, and knows what is subscribed: a pure value.
package struct SubscriptionDesk: Sendable {
    private let exchange: String
    private let isSpot: Bool
    /// Topics subscribed, as ``FrameTopic`` names them.
    private var topics: [String] = []

    /// The desk of one connection.
    package init(exchange: String, market: String) {
        self.exchange = exchange
        isSpot = market == Market.spot.rawValue
    }

    /// Whether anything is subscribed.
    package var hasSubscriptions: Bool { !topics.isEmpty }

    /// Whether a frame goes to this client: its topic is subscribed, or it has none.
    ///
    /// Acks and pongs of the source answer other requests and go to nobody.
    package func wants(_ topic: FrameTopic) -> Bool {
        switch topic {
        case .named(let name): topics.contains(name)
        case .general: true
        case .answer: false
        }
    }

    /// The frames that answer a request.
    package mutating func answer(_ text: String) -> [String] {
        guard let request = VenueRequest(text) else {
            return [#"{"success":false,"error":"Malformed request","ret_msg":"Malformed request","op":""}"#]
        }
        switch exchange {
        case "bybit": return bybit(request)
        case "coinbase": return coinbase(request)
        default: return kraken(request)
        }
    }

    private mutating func change(_ names: [String], subscribes: Bool) {
        topics.removeAll(where: names.contains)
        if subscribes { topics += names }
    }

    private mutating func bybit(_ request: VenueRequest) -> [String] {
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
        change(topics, subscribes: operation == "subscribe")
        let word = isSpot && operation == "subscribe" ? "subscribe" : ""
        return [
            #"{"success":true,"ret_msg":"\#(word)","conn_id":"fake","req_id":"","op":"\#(operation)"}"#
        ]
    }

    private mutating func coinbase(_ request: VenueRequest) -> [String] {
        guard let type = request.text("type"), let channel = request.text("channel"),
            type == "subscribe" || type == "unsubscribe"
        else { return [#"{"type":"error","message":"unknown request"}"#] }
        let name = channel == "level2" ? "l2_data" : channel
        change(request.texts("product_ids").map { "\(name).\($0)" }, subscribes: type == "subscribe")
        // Acks come from the source: they have sequence numbers.
        return []
    }

    private mutating func kraken(_ request: VenueRequest) -> [String] {
        let method = request.text("method") ?? ""
        if method == "ping" { return [#"{"method":"pong"}"#] }
        guard method == "subscribe" || method == "unsubscribe", let channel = request.text("channel") else {
            return [#"{"error":"Unsupported method","method":"\#(method)","success":false}"#]
        }
        let symbols = request.texts("symbol")
        change(symbols.map { "\(channel).\($0)" }, subscribes: method == "subscribe")
        let depth = channel == "book" ? #","depth":\#(request.number("depth") ?? 10)"# : ""
        return symbols.map { symbol in
            let result = #"{"channel":"\#(channel)","symbol":"\#(symbol)"\#(depth),"snapshot":true}"#
            return #"{"method":"\#(method)","result":\#(result),"success":true}"#
        }
    }
}
