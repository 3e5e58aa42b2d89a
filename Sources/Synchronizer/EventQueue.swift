import MarketModel

/// Events waiting for their row, in (time, log order).
///
/// Streams are nearly sorted, so insertion searches from the end: its cost is the number of events
/// overtaken.
struct EventQueue<Event: Sendable>: Sendable {
    // Kept apart from the times, so that a row takes all waiting events by swapping arrays.
    private var events: [Event] = []
    private var times: [Int64] = []
    private var head = 0
    /// The time of the first waiting event; `Int64.max` if none.
    private var first: Int64 = .max

    var isEmpty: Bool { head == times.count }
    var count: Int { times.count - head }
    var firstTime: Int64? { isEmpty ? nil : times[head] }
    var lastTime: Int64? { isEmpty ? nil : times[times.count - 1] }

    /// Inserts an event by its time in the basis.
    @inline(__always)
    mutating func insert(_ event: Event, time: Int64) {
        if isEmpty || times[times.count - 1] <= time {
            if time < first { first = time }
            times.append(time)
            events.append(event)
            return
        }
        overtake(event, time: time)
    }

    @inline(never)
    private mutating func overtake(_ event: Event, time: Int64) {
        // After every event of the same time: log order breaks ties.
        var index = times.count
        while index > head, times[index - 1] > time { index -= 1 }
        times.insert(time, at: index)
        events.insert(event, at: index)
        first = times[head]
    }

    /// The last time before `edge`, or nil if there is none.
    func lastTime(before edge: Int64) -> Int64? {
        let index = firstIndex(from: edge)
        return index > head ? times[index - 1] : nil
    }

    /// Whether an event has a time in `[start, end)`.
    func holds(_ start: Int64, _ end: Int64) -> Bool {
        let index = firstIndex(from: start)
        return index < times.count && times[index] < end
    }

    /// The index of the first event at `edge` or later.
    private func firstIndex(from edge: Int64) -> Int {
        var (low, high) = (head, times.count)
        while low < high {
            let middle = low + (high - low) / 2
            if times[middle] < edge { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Replaces the content of `target` by the events before `edge`; returns how many.
    @inline(__always)
    mutating func replace(_ target: inout [Event], before edge: Int64) -> Int {
        if first >= edge {
            if !target.isEmpty { target.removeAll(keepingCapacity: true) }
            return 0
        }
        return fill(&target, before: edge)
    }

    @inline(never)
    private mutating func fill(_ target: inout [Event], before edge: Int64) -> Int {
        target.removeAll(keepingCapacity: true)
        let count = times.count
        if head == 0, times[count - 1] < edge {
            swap(&target, &events)
            times.removeAll(keepingCapacity: true)
            first = .max
            return count
        }
        let start = head
        while head < count, times[head] < edge { head += 1 }
        target.append(contentsOf: events[start..<head])
        let taken = head - start
        compact()
        return taken
    }

    /// Drops the events before `edge`; returns how many.
    mutating func drop(before edge: Int64) -> Int {
        let start = head
        while head < times.count, times[head] < edge { head += 1 }
        let dropped = head - start
        compact()
        return dropped
    }

    /// Drops all events; returns how many.
    mutating func dropAll() -> Int {
        let dropped = count
        head = times.count
        compact()
        return dropped
    }

    /// Removes consumed events once they dominate, and updates the first time.
    private mutating func compact() {
        if head == times.count {
            events.removeAll(keepingCapacity: true)
            times.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 1024, head * 2 > times.count {
            events.removeSubrange(..<head)
            times.removeSubrange(..<head)
            head = 0
        }
        first = isEmpty ? .max : times[head]
    }
}

extension EventQueue: StateCodable where Event: StateElement {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var (waiting, stamps) = (Array(events[head...]), Array(times[head...]))
        try coder.field("events", &waiting)
        try coder.field("times", &stamps)
        guard coder.isReading else { return }
        guard waiting.count == stamps.count, zip(stamps, stamps.dropFirst()).allSatisfy(<=) else {
            throw coder.malformed("events out of order")
        }
        (events, times, head, first) = (waiting, stamps, 0, stamps.first ?? .max)
    }
}
