import MarketModel

/// Requests sent and not yet acknowledged: acks name no topics, they come in the order of the requests.
struct BybitSubscriptions {
    private struct Request {
        var change: FeedStatus.Change
        var topics: [[UInt8]]
    }

    private var waiting: [Request] = []

    /// Takes note of a request to subscribe or unsubscribe; other frames are none.
    mutating func sent(_ text: RawSpan) {
        guard JSONValidator.isValid(text) else { return }
        let root = JSONValue.root(of: text)
        guard let operation = root.member("op", in: text) else { return }
        let subscribes = operation.isString("subscribe", in: text)
        guard subscribes || operation.isString("unsubscribe", in: text) else { return }
        var request = Request(change: subscribes ? .live : .unsubscribed, topics: [])
        if let arguments = root.member("args", in: text) {
            var elements = arguments.elements(in: text)
            while let element = elements.next(in: text) {
                let topic = JSONString.withBytes(of: element, in: text) { bytes in
                    bytes.withUnsafeBytes { [UInt8]($0) }
                }
                if let topic { request.topics.append(topic) }
            }
        }
        waiting.append(request)
    }

    /// The topics of the oldest request of that kind that waits; nil if none does.
    mutating func acknowledge(_ change: FeedStatus.Change) -> [[UInt8]]? {
        guard let place = waiting.firstIndex(where: { $0.change == change }) else { return nil }
        return waiting.remove(at: place).topics
    }
}
