import MarketModel

/// Requests to subscribe, for what their acks leave out: a depth, or everything but the id.
struct KrakenSubscriptions {
    struct Request {
        /// nil for none.
        var id: Int64?
        var isBook: Bool
        var isTrade: Bool
        var symbols: [[UInt8]]
        /// The depth asked for; the venue's usual one where it names none.
        var depth: UInt32
        var namesDepth: Bool
    }

    private var requests: [Request] = []
    /// More are not remembered; acks name what they confirm, as a rule.
    private static let limit = 4096

    /// Records a request; ignores other frames.
    mutating func sent(_ text: RawSpan) {
        guard JSONValidator.isValid(text) else { return }
        let root = JSONValue.root(of: text)
        guard root.member("method", in: text)?.isString("subscribe", in: text) == true,
            let parameters = root.member("params", in: text),
            let channel = parameters.member("channel", in: text)
        else { return }
        let depth = parameters.member("depth", in: text)?.integer(in: text)
        if requests.count == KrakenSubscriptions.limit { requests.removeFirst() }
        requests.append(
            Request(
                id: root.member("req_id", in: text)?.integer(in: text),
                isBook: channel.isString("book", in: text),
                isTrade: channel.isString("trade", in: text),
                symbols: parameters.member("symbol", in: text)?.texts(in: text) ?? [],
                depth: depth.flatMap { UInt32(exactly: $0) } ?? UInt32(Kraken.usualDepth),
                namesDepth: depth != nil
            )
        )
    }

    /// Forgets a request that was refused: the one with the id; the symbol alone if the refusal names one.
    mutating func refused(_ id: Int64?, _ symbol: [UInt8]?) {
        for index in requests.indices.reversed() where id != nil && requests[index].id == id {
            if let symbol { requests[index].symbols.removeAll { $0 == symbol } }
            if symbol == nil || requests[index].symbols.isEmpty { requests.remove(at: index) }
        }
    }

    /// The request that an ack answers: the one with its id, without an id the last for the book of the symbol.
    func request(_ id: Int64?, bookOf symbol: [UInt8]?) -> Request? {
        if let id { return requests.last { $0.id == id } }
        guard let symbol else { return nil }
        return requests.last { $0.isBook && $0.symbols.contains(symbol) }
    }

    /// Whether the book of a symbol was last asked for without a depth.
    func asksWithoutDepth(bookOf symbol: [UInt8]) -> Bool {
        request(nil, bookOf: symbol).map { !$0.namesDepth } ?? false
    }

    var isEmpty: Bool { requests.isEmpty }
}

extension KrakenSubscriptions: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("requests", &requests)
    }
}

extension KrakenSubscriptions.Request: StateElement {
    static var blank: Self {
        Self(id: nil, isBook: false, isTrade: false, symbols: [], depth: 0, namesDepth: false)
    }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("id", &id)
        try coder.packed("isBook", &isBook)
        try coder.packed("isTrade", &isTrade)
        try coder.packed("symbols", &symbols)
        try coder.packed("depth", &depth)
        try coder.packed("namesDepth", &namesDepth)
    }
}
