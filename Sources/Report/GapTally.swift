import MarketModel

/// How often and how long a book was gapped.
package struct GapTally: Sendable, Equatable {
    /// Changes into gapped.
    package private(set) var count = 0
    /// How long it was gapped, nanoseconds.
    package private(set) var time: Int64 = 0
    private var openedAt: Int64?

    /// Never.
    package init() {}

    /// The book became gapped, at nanoseconds since the Unix epoch.
    package mutating func opened(at time: Int64) {
        closed(at: time)
        count += 1
        openedAt = time
    }

    /// The book is synced again, or the data ends.
    package mutating func closed(at time: Int64) {
        guard let start = openedAt else { return }
        self.time += max(0, time &- start)
        openedAt = nil
    }
}
