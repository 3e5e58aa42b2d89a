import Exchanges
import MarketModel

/// What a simulated client asks by REST, and when: seeds of books, and values that no stream tells.
struct SimulatedReplies: Sendable {
    /// A reply, with the path that it answers.
    struct Reply: Sendable {
        var text: String
        var path: String
        /// When it comes.
        var time: Int64 = 0
    }

    let rules: any ReplyRules
    private let symbols: [String]
    private let kinds: FeedKinds
    /// By market: when its seed is asked for; `.max` = not again.
    private var seedsDue: [Int64]
    /// By market: the seed that is on its way.
    private var seeds: [Reply?]
    private var pollDue = Int64.min
    private var isFirstPoll = true

    init(_ rules: any ReplyRules, symbols: [String], kinds: FeedKinds) {
        (self.rules, self.symbols, self.kinds) = (rules, symbols, kinds)
        seedsDue = Array(repeating: .max, count: symbols.count)
        seeds = Array(repeating: nil, count: symbols.count)
    }

    /// A connection opens: nothing of the one before is waited for.
    mutating func open() { self = Self(rules, symbols: symbols, kinds: kinds) }

    // MARK: - Seeds

    /// The reply to the usual request for a book, of as many levels as that takes; nil where books need no seed.
    func seed(_ book: BookMessage) -> Reply? {
        guard let path = rules.seedRequest(for: book.symbol, depth: nil)?.path else { return nil }
        var book = book
        if let depth = rules.seed(requestedBy: path)?.depth { book.cut(to: depth) }
        return Reply(text: rules.reply(seeding: book), path: path)
    }

    /// Asks for a seed at a time, or before where that was planned.
    mutating func askSeed(_ market: Int, at time: Int64) { seedsDue[market] = min(seedsDue[market], time) }

    /// Whether a seed is asked for now, which then is done.
    mutating func asksSeed(_ market: Int, at time: Int64) -> Bool {
        guard time >= seedsDue[market], seeds[market] == nil else { return false }
        seedsDue[market] = .max
        return true
    }

    /// A seed that comes later.
    mutating func expect(_ seed: Reply, _ market: Int) { seeds[market] = seed }

    /// The seed that has come by a time.
    mutating func arrived(_ market: Int, at time: Int64) -> Reply? {
        guard let seed = seeds[market], time >= seed.time else { return nil }
        seeds[market] = nil
        return seed
    }

    // MARK: - Values

    /// Whether values are asked for again.
    func isPollDue(at time: Int64) -> Bool { time >= pollDue }

    /// The requests to be made now, each with a market that it is about.
    mutating func polls(at time: Int64, every interval: Int64) -> [(market: Int, path: String)] {
        var found: [(market: Int, path: String)] = []
        for (market, symbol) in symbols.enumerated() {
            for request in rules.polls(of: kinds, symbol: symbol) where request.repeats || isFirstPoll {
                let isAsked = found.contains { $0.path == request.path }
                if !isAsked { found.append((market, request.path)) }
            }
        }
        (pollDue, isFirstPoll) = (time + interval, false)
        return found
    }
}
