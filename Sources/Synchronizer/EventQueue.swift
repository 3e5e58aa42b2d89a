/// Events that wait for their row, kept in (time, log order).
///
/// Streams are nearly sorted: an event is put in its place from the end, at the cost of the
/// events it overtakes.
struct EventQueue<Event: Sendable>: Sendable {
    struct Item: Sendable {
        /// The event's time in the basis.
        var time: Int64
        var event: Event
    }

    private var items: [Item] = []
    private var head = 0

    var isEmpty: Bool { head == items.count }
    var count: Int { items.count - head }
    var firstTime: Int64? { isEmpty ? nil : items[head].time }
    var lastTime: Int64? { isEmpty ? nil : items[items.count - 1].time }

    mutating func insert(_ event: Event, time: Int64) {
        if isEmpty || items[items.count - 1].time <= time {
            items.append(Item(time: time, event: event))
            return
        }
        // After every event of the same time: log order breaks ties.
        var place = items.count
        while place > head, items[place - 1].time > time { place -= 1 }
        items.insert(Item(time: time, event: event), at: place)
    }

    /// The last time before `edge`, or nil if there is none.
    func lastTime(before edge: Int64) -> Int64? {
        let place = firstPlace(from: edge)
        return place > head ? items[place - 1].time : nil
    }

    /// Whether an event has a time in `[start, end)`.
    func holds(_ start: Int64, _ end: Int64) -> Bool {
        let place = firstPlace(from: start)
        return place < items.count && items[place].time < end
    }

    /// The place of the first event whose time is `edge` or later.
    private func firstPlace(from edge: Int64) -> Int {
        var (low, high) = (head, items.count)
        while low < high {
            let middle = low + (high - low) / 2
            if items[middle].time < edge { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Moves the events before `edge` into `target`, in place of what it held; returns how many.
    @discardableResult
    mutating func replace(_ target: inout [Event], before edge: Int64) -> Int {
        if !target.isEmpty { target.removeAll(keepingCapacity: true) }
        if head == items.count || items[head].time >= edge { return 0 }
        let first = head
        while head < items.count, items[head].time < edge {
            target.append(items[head].event)
            head += 1
        }
        let taken = head - first
        compact()
        return taken
    }

    /// Drops the events before `edge`; returns how many.
    mutating func drop(before edge: Int64) -> Int {
        let first = head
        while head < items.count, items[head].time < edge { head += 1 }
        let dropped = head - first
        compact()
        return dropped
    }

    /// Empties it; returns how many events it held.
    mutating func dropAll() -> Int {
        let dropped = count
        items.removeAll(keepingCapacity: true)
        head = 0
        return dropped
    }

    private mutating func compact() {
        if head == items.count {
            items.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 1024, head * 2 > items.count {
            items.removeSubrange(..<head)
            head = 0
        }
    }
}
