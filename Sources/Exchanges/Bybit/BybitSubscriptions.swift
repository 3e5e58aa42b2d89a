import MarketModel

/// Requests sent and not yet acknowledged.
///
/// Acks name no topics: they answer the request that has their id, and those without one in the order of the requests.
struct BybitSubscriptions {
    fileprivate struct Request {
        var change: FeedStatus.Change
        var topics: [[UInt8]]
        /// Empty for none.
        var id: [UInt8]
    }

    private var waiting: [Request] = []

    /// Records a request to subscribe or unsubscribe; ignores other frames.
    mutating func sent(_ text: RawSpan) {
        guard JSONValidator.isValid(text) else { return }
        let root = JSONValue.root(of: text)
        guard let operation = root.member("op", in: text) else { return }
        let subscribes = operation.isString("subscribe", in: text)
        guard subscribes || operation.isString("unsubscribe", in: text) else { return }
        let change: FeedStatus.Change = subscribes ? .live : .unsubscribed
        waiting.append(
            Request(
                change: change,
                topics: root.member("args", in: text)?.texts(in: text) ?? [],
                id: BybitSubscriptions.id(root.member("req_id", in: text), text)
            )
        )
    }

    /// The topics that an ack confirms: none of a refusal; nil if it answers no request that waits.
    ///
    /// A refusal without an id may name a topic of its request in `ret_msg`.
    mutating func acknowledge(
        _ change: FeedStatus.Change,
        _ ack: JSONValue,
        _ text: RawSpan
    ) -> [[UInt8]]? {
        let isGranted = ack.member("success", in: text)?.isTrue(in: text) == true
        let id = BybitSubscriptions.id(ack.member("req_id", in: text), text)
        let message = isGranted ? nil : ack.member("ret_msg", in: text)?.bytes(in: text)?.prefix(1024)
        guard let index = pendingIndex(change, id) ?? (id.isEmpty ? oldest(change, naming: message) : nil)
        else {
            return nil
        }
        let request = waiting.remove(at: index)
        return isGranted ? request.topics : []
    }

    private func pendingIndex(_ change: FeedStatus.Change, _ id: [UInt8]) -> Int? {
        id.isEmpty ? nil : waiting.firstIndex { $0.change == change && $0.id == id }
    }

    /// The oldest request with a topic that the message names, else the oldest without an id, else the oldest.
    private func oldest(_ change: FeedStatus.Change, naming message: ArraySlice<UInt8>?) -> Int? {
        let indexes = waiting.indices.filter { waiting[$0].change == change }
        if let message,
            let named = indexes.first(where: { BybitSubscriptions.names(message, waiting[$0].topics) })
        {
            return named
        }
        return indexes.first { waiting[$0].id.isEmpty } ?? indexes.first
    }

    /// Whether a message names one of the topics, not a longer one.
    private static func names(_ message: ArraySlice<UInt8>, _ topics: [[UInt8]]) -> Bool {
        topics.contains { topic in
            message.indices.contains { start in
                let end = start + topic.count
                return message[start...].starts(with: topic)
                    && (end == message.endIndex || !isOfTopic(message[end]))
            }
        }
    }

    private static func isOfTopic(_ byte: UInt8) -> Bool {
        byte &- 0x30 <= 9 || 0x41...0x5a ~= byte & 0xdf || byte == 0x2d || byte == 0x2e || byte == 0x5f
    }

    /// The text of an id, also of one that is a number; empty if there is none.
    private static func id(_ value: JSONValue?, _ text: RawSpan) -> [UInt8] {
        guard let value else { return [] }
        if value.kind(in: text) == .number {
            return text.extracting(value.start..<value.end).withUnsafeBytes { [UInt8]($0) }
        }
        return value.bytes(in: text) ?? []
    }
}

extension BybitSubscriptions: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) { try coder.field("waiting", &waiting) }
}

extension BybitSubscriptions.Request: StateElement {
    static var blank: Self { Self(change: .live, topics: [], id: []) }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("change", &change)
        try coder.packed("topics", &topics)
        try coder.packed("id", &id)
    }
}
