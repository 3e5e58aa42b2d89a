import Exchanges
import MarketModel
import Recording

/// One round of requests for a market's definitions and its replies, derived from the replies alone, since
/// requests are sequential.
struct RecordedRound {
    /// The replies so far, with the path that each answers.
    private(set) var replies: [(path: String, body: [UInt8])] = []
    /// Whether every request was answered.
    private(set) var isWhole = false

    private let rules: any DefinitionRules
    private var queries: ArraySlice<String>
    /// The path that the next reply answers; nil when the round is over.
    private(set) var path: String?

    /// Starts a round with the first request of a `…/http` channel, or with the venue's if the channel has
    /// one of its own.
    init(_ channel: FrameChannel, _ rules: any DefinitionRules) {
        self.rules = rules
        let listed = Self.queries(in: channel.subscriptions)
        let market = Market(rawValue: channel.market) ?? .spot
        queries = (channel.request.isEmpty ? listed : rules.queries(of: market))[...]
        path = queries.first
    }

    /// The requests of a channel's metadata: `GET <path> GET <path>`, where a body is posted `POST <path> <body>`.
    private static func queries(in text: String) -> [String] {
        var queries: [String] = []
        for word in text.split(separator: " ") where word != "GET" && word != "POST" {
            if word.hasPrefix("/") || queries.isEmpty {
                queries.append(String(word))
            } else {
                queries[queries.count - 1] += " \(word)"
            }
        }
        return queries
    }

    /// Adds the next reply; false if it ends the round, as an unreadable one does.
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
    /// Whether a status record says that a round ended early.
    var endsRound: Bool { state == .rejected && topic == "definitions" }
}
