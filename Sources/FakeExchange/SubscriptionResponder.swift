public import Exchanges

/// Answers requests as the venue would and tracks subscriptions, as a pure value.
public struct SubscriptionResponder: Sendable {
    private let rules: any ServerRules
    private let offer: ServedOffer
    private var topics: [ServedTopic] = []
    /// Topics of the last request that were not subscribed before.
    private(set) var added: [ServedTopic] = []
    /// Whether the venue closes the connection instead of an answer to the last request.
    private(set) var closes = false
    /// What the venue asks from the last request on, and whether that request answers what it asked.
    private(set) var heartbeats: ServedHeartbeats?
    private(set) var answersHeartbeat = false

    /// A responder for one connection.
    public init(_ rules: any ServerRules, _ offer: ServedOffer = ServedOffer()) {
        (self.rules, self.offer) = (rules, offer)
    }

    /// Whether anything is subscribed.
    var hasSubscriptions: Bool { !topics.isEmpty }

    /// Whether a frame goes to this client: its topic is subscribed, or it has none.
    ///
    /// Acks and pongs of the source answered other requests and are not sent.
    func wants(_ frame: RawSpan) -> Bool {
        switch rules.topic(of: frame) {
        case .named(let channel, let symbol):
            for topic in topics where topic.matches(frame, channel, symbol) { return true }
            return false
        case .general: return true
        case .answer: return false
        }
    }

    /// The frames that answer a request; `time` is the recorded time at which the venue answers.
    public mutating func answer(_ text: String, at time: Int64) -> [String] {
        added = []
        (heartbeats, answersHeartbeat) = (nil, false)
        if let answer = rules.answer(toText: text) { return [answer] }
        guard let request = ClientRequest(text) else {
            return [#"{"success":false,"error":"Malformed request","ret_msg":"Malformed request","op":""}"#]
        }
        let answer = rules.answer(request, offer, at: time)
        closes = answer.closes
        (heartbeats, answersHeartbeat) = (answer.heartbeats, answer.answersHeartbeat)
        let subscribes = answer.operation == .subscribe
        if subscribes { added = answer.topics.filter { !topics.contains($0) } }
        // A request to end a topic may say its name alone.
        topics.removeAll { topic in answer.topics.contains { $0.isNamed(like: topic) } }
        if subscribes { topics += answer.topics }
        return answer.frames
    }
}
