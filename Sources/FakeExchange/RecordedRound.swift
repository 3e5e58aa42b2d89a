import Exchanges
import MarketModel
import Recording

/// One round of requests for a market's definitions, and the replies it got: told from the replies alone, for the
/// requests are made one after the other.
struct RecordedRound {
    /// The replies so far, with the path that each answers.
    private(set) var replies: [(path: String, body: [UInt8])] = []
    /// Whether every request was answered.
    private(set) var isWhole = false

    private let rules: any DefinitionRules
    private var queries: ArraySlice<String>
    /// What the next reply answers; nil when the round is over.
    private var path: String?

    /// A round that begins with the first request of a `…/http` channel.
    init(_ channel: FrameChannel, _ rules: any DefinitionRules) {
        self.rules = rules
        queries = channel.subscriptions.split(separator: " ").filter { $0 != "GET" }.map(String.init)[...]
        path = queries.first
    }

    /// Takes the next reply; false if the round ends with it: one that cannot be read has none behind it.
    mutating func add(_ body: RawSpan) -> Bool {
        guard let path, let query = queries.first, let page = try? rules.read(body) else { return false }
        replies.append((path, body.withUnsafeBytes { Array($0) }))
        if let next = page.next {
            self.path = DefinitionPage.path(query, cursor: next)
            return true
        }
        queries = queries.dropFirst()
        self.path = queries.first
        isWhole = self.path == nil
        return !isWhole
    }
}

extension StatusRecord {
    /// Whether a round of requests for definitions ended early: what is asked after it begins anew.
    var endsRound: Bool { state == .rejected && topic == "definitions" }
}
