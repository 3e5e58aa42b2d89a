/// The first events of a session in log order, and the counts of all.
package struct EventList: Sendable {
    /// The events kept.
    package private(set) var entries: [SessionEvent] = []
    /// The counts of events by kind, in the order of their first.
    package private(set) var counts: [(what: String, count: Int)] = []
    /// How many there was no room for.
    package private(set) var unlisted = 0
    private let limit: Int

    /// The most kinds counted separately: recordings may name states of their own.
    private static let kindLimit = 32

    /// An empty list that keeps this many.
    package init(limit: Int) { self.limit = limit }

    /// How many there were.
    package var count: Int { counts.reduce(0) { $0 + $1.count } }

    /// Adds an event; returns its index, or nil if it is only counted.
    @discardableResult
    package mutating func add(_ event: SessionEvent) -> Int? {
        tally(event.what)
        guard entries.count < limit else {
            unlisted += 1
            return nil
        }
        entries.append(event)
        return entries.count - 1
    }

    /// Sets the end of the event at an index.
    package mutating func end(_ index: Int, at time: Int64) { entries[index].end = time }

    /// Counts an event without listing it.
    package mutating func tally(_ what: String) {
        if let index = counts.firstIndex(where: { $0.what == what }) {
            counts[index].count += 1
        } else if counts.count < Self.kindLimit {
            counts.append((what, 1))
        } else {
            counts[counts.count - 1].count += 1
        }
    }
}
