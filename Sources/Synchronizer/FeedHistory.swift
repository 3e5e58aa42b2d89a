import MarketModel

/// When each kind of feed of one instrument was live, over all connections that carry it.
struct FeedHistory: Sendable {
    private struct Feed: Sendable {
        var live = LiveSpans()
        /// The connections on which it is live now; one, as a rule.
        var connections: [Int32] = []
    }

    private var feeds: [Feed] = Array(repeating: Feed(), count: FeedHistory.kinds.count)

    static let kinds: [FeedKinds] = [.book, .trades, .liquidations, .fundingRates, .openInterest]

    /// Marks feeds live on a connection from `time` on, unless they are already.
    mutating func begin(_ kinds: FeedKinds, on connection: Int32, at time: Int64) {
        for (place, kind) in FeedHistory.kinds.enumerated() where kinds.contains(kind) {
            if feeds[place].connections.contains(connection) { continue }
            feeds[place].connections.append(connection)
            feeds[place].live.open(at: time)
        }
    }

    /// Ends feeds on a connection; a feed that another connection carries stays live.
    mutating func end(_ kinds: FeedKinds, on connection: Int32, at time: Int64) {
        for (place, kind) in FeedHistory.kinds.enumerated() where kinds.contains(kind) {
            guard let found = feeds[place].connections.firstIndex(of: connection) else { continue }
            feeds[place].connections.remove(at: found)
            if feeds[place].connections.isEmpty { feeds[place].live.close(at: time) }
        }
    }

    /// The kinds that were live throughout `[start, end)`.
    func observed(_ start: Int64, _ end: Int64) -> FeedKinds {
        var observed: FeedKinds = []
        for (place, kind) in FeedHistory.kinds.enumerated() where feeds[place].live.covers(start, end) {
            observed.insert(kind)
        }
        return observed
    }

    /// Whether a feed that was live before `end` was not so throughout `[start, end)`.
    func lapses(_ start: Int64, _ end: Int64) -> Bool {
        feeds.contains { $0.live.lapses(start, end) }
    }

    mutating func forget(before time: Int64) {
        for place in feeds.indices { feeds[place].live.forget(before: time) }
    }
}
