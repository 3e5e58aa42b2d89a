import MarketModel

/// The streams that a connection subscribed to, and requests not yet answered.
///
/// Answers name no streams: they answer the request that has their id, those without one the oldest.
struct BinanceSubscriptions {
    fileprivate struct Request {
        var change: FeedStatus.Change
        var streams: [[UInt8]]
        /// Empty for none.
        var id: [UInt8]
    }

    private var waiting: [Request] = []
    /// Streams named by the address or metadata: they hold for every attempt.
    private var described: [[UInt8]] = []
    /// Streams asked for in the current attempt.
    private var requested: [[UInt8]] = []
    /// Whether all books are changes: then a message without its stream's name is one too.
    private(set) var areBooksDiffs = true

    /// Forgets what belongs to the connection attempt.
    mutating func reset() {
        (waiting, requested) = ([], [])
        review()
    }

    /// Reads the subscription arguments of a channel, or the streams of its address.
    mutating func describe(_ text: String) {
        let words = text.split { $0.isWhitespace || "\",[]{}?=&/".contains($0) }
        for word in words where word.contains("@") { described.append(Array(word.utf8)) }
        review()
    }

    /// Records a request to subscribe or unsubscribe; ignores other frames.
    mutating func sent(_ text: RawSpan) {
        guard JSONValidator.isValid(text) else { return }
        let root = JSONValue.root(of: text)
        guard let method = root.member("method", in: text) else { return }
        let subscribes = method.isString("SUBSCRIBE", in: text)
        guard subscribes || method.isString("UNSUBSCRIBE", in: text) else { return }
        let streams = root.member("params", in: text)?.texts(in: text) ?? []
        if subscribes { requested += streams } else { requested.removeAll { streams.contains($0) } }
        review()
        let id = root.member("id", in: text)?.identifier(in: text) ?? ""
        waiting.append(
            Request(change: subscribes ? .live : .unsubscribed, streams: streams, id: Array(id.utf8))
        )
    }

    /// What an answer confirms: no streams if it is a refusal; nil if it answers no request that waits.
    mutating func acknowledge(
        _ answer: JSONValue,
        _ text: RawSpan
    ) -> (change: FeedStatus.Change, streams: [[UInt8]])? {
        let id = Array((answer.member("id", in: text)?.identifier(in: text) ?? "").utf8)
        let known = id.isEmpty ? waiting.indices.first : waiting.firstIndex { $0.id == id }
        guard let known else { return nil }
        let request = waiting.remove(at: known)
        let isGranted = answer.member("result", in: text)?.kind(in: text) == .null
        if !isGranted, request.change == .live {
            requested.removeAll { request.streams.contains($0) }
            review()
        }
        return (request.change, isGranted ? request.streams : [])
    }

    /// The stream of a symbol's book messages that do not say theirs: changes unless another was subscribed; nil if
    /// several were.
    func book(of symbol: RawSpan) -> BinanceStream? {
        var found: BinanceStream?
        for stream in described + requested {
            let kind = BinanceStream(stream.span.bytes)
            guard kind.hasBooks, kind != found, names(stream, symbol) else { continue }
            guard found == nil else { return nil }
            found = kind
        }
        return found ?? .diff
    }

    /// The only partial book of the connection; nil if there is none, or several.
    var lonePartial: [UInt8]? {
        let partial = (described + requested).filter { BinanceStream($0.span.bytes).depth ?? 0 > 0 }
        return Set(partial).count == 1 ? partial[0] : nil
    }

    private func names(_ stream: [UInt8], _ symbol: RawSpan) -> Bool {
        let end = BinanceStream.symbolEnd(stream.span.bytes)
        guard end == symbol.byteCount else { return false }
        return (0..<end).allSatisfy { BinanceStream.upper(stream[$0]) == JSONValue.byte(symbol, $0) }
    }

    private mutating func review() {
        areBooksDiffs = (described + requested).allSatisfy { stream in
            let kind = BinanceStream(stream.span.bytes)
            return kind == .diff || !kind.hasBooks
        }
    }
}

extension BinanceStream {
    /// Whether its messages are like those of books.
    fileprivate var hasBooks: Bool { depth != nil || self == .retailBook }

    /// A letter in upper case, as payloads write symbols.
    static func upper(_ byte: UInt8) -> UInt8 { 0x61...0x7a ~= byte ? byte & 0xdf : byte }
}

extension BinanceSubscriptions: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("waiting", &waiting)
        try coder.field("described", &described)
        try coder.field("requested", &requested)
        if coder.isReading { review() }
    }
}

extension BinanceSubscriptions.Request: StateElement {
    static var blank: Self { Self(change: .live, streams: [], id: []) }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("change", &change)
        try coder.packed("streams", &streams)
        try coder.packed("id", &id)
    }
}
