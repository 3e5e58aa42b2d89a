import MarketModel

/// When each feed of one instrument was live, over all connections that carry it, and when its book was gapped.
struct FeedCoverage: Sendable {
    fileprivate struct Feed: Sendable {
        var live = LiveSpans()
        /// The connections on which it is live now: one, as a rule.
        var connections: [Int32] = []
        /// The greatest end among connections that left while others carried on.
        var heldThrough: Int64 = .min
    }

    /// The connections that carry the instrument.
    private(set) var connections: [Int32] = []
    private var bookGaps = LiveSpans()
    private var feeds: [Feed] = Array(repeating: Feed(), count: FeedCoverage.kinds.count)
    /// The connection of the latest `begin` and the kinds live there: a cache that every event reads.
    private var lastConnection: Int32 = -1
    private var lastKinds: FeedKinds = []

    /// From this time on no feed begins or ends, as far as known: all later periods have one judgement.
    private var settledFrom: Int64 = .max
    private var settled = Judgement()

    static let kinds = DataKind.all.map(\.feed)

    /// Whether a kind is cached as live on a connection; false means unknown.
    func isLive(_ kind: FeedKinds, on connection: Int32) -> Bool {
        connection == lastConnection && lastKinds.rawValue & kind.rawValue != 0
    }

    /// Whether the book is gapped now.
    @inline(__always)
    var isBookGapped: Bool { bookGaps.isOpen }

    /// Records that the book becomes gapped, or no longer is, at `time`.
    mutating func setBookGapped(_ isGapped: Bool, at time: Int64) {
        if isGapped { bookGaps.open(at: time, continuing: false) } else { bookGaps.close(at: time) }
    }

    /// Adds a connection that carries the instrument; false if it is known.
    mutating func attach(to connection: Int32) -> Bool {
        if connections.contains(connection) { return false }
        connections.append(connection)
        return true
    }

    /// Marks feeds live on a connection from `time` on, unless they are already.
    mutating func begin(_ kinds: FeedKinds, on connection: Int32, at time: Int64) {
        if connection != lastConnection {
            lastConnection = connection
            lastKinds = []
        }
        lastKinds.formUnion(kinds)
        settledFrom = .max
        for (index, kind) in FeedCoverage.kinds.enumerated() where kinds.contains(kind) {
            if feeds[index].connections.contains(connection) { continue }
            if feeds[index].connections.isEmpty { feeds[index].heldThrough = .min }
            feeds[index].connections.append(connection)
            feeds[index].live.open(at: time)
        }
    }

    /// Ends feeds on a connection; a feed that another connection carries stays live.
    mutating func end(_ kinds: FeedKinds, on connection: Int32, at time: Int64) {
        lastKinds = []
        settledFrom = .max
        for (index, kind) in FeedCoverage.kinds.enumerated() where kinds.contains(kind) {
            guard let found = feeds[index].connections.firstIndex(of: connection) else { continue }
            feeds[index].connections.remove(at: found)
            feeds[index].heldThrough = max(feeds[index].heldThrough, time)
            if feeds[index].connections.isEmpty { feeds[index].live.close(at: feeds[index].heldThrough) }
        }
    }

    private struct Judgement: Sendable {
        /// The kinds that were live throughout.
        var observed: FeedKinds = []
        /// A feed that was live at some time before the period's end was not live throughout it.
        var lapses = false
    }

    /// Says in a row's quality what was observed in `[start, end)`, and whether it has a gap; periods of later
    /// calls are later.
    @inline(__always)
    mutating func judge(_ start: Int64, _ end: Int64, into quality: inout RowQuality) {
        let judgement = start >= settledFrom ? settled : judgeAnew(start, end)
        quality.observed = judgement.observed
        quality.gap = judgement.lapses
        if bookGaps.isEmpty { return }
        bookGaps.forget(before: start)
        if bookGaps.meets(start, end) { quality.gap = true }
    }

    @inline(never)
    private mutating func judgeAnew(_ start: Int64, _ end: Int64) -> Judgement {
        var judgement = Judgement()
        var isSettled = true
        for index in feeds.indices {
            feeds[index].live.forget(before: start)
            if feeds[index].live.covers(start, end) { judgement.observed.insert(FeedCoverage.kinds[index]) }
            if feeds[index].live.lapses(start, end) { judgement.lapses = true }
            if !feeds[index].live.isSettled(at: start) { isSettled = false }
        }
        if isSettled {
            settled = judgement
            settledFrom = start
        }
        return judgement
    }
}

extension FeedCoverage: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("connections", &connections)
        try coder.field("bookGaps", &bookGaps)
        try coder.field("feeds", &feeds)
        guard feeds.count == FeedCoverage.kinds.count else { throw coder.malformed("\(feeds.count) kinds") }
    }
}

extension FeedCoverage.Feed: StateElement {
    static var blank: Self { Self() }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("live", &live)
        try coder.packed("connections", &connections)
        try coder.packed("heldThrough", &heldThrough)
    }
}
