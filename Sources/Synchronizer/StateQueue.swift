/// A state such as the funding rate, and those of its values that no emitted row has reached yet.
///
/// A row shows the latest value strictly before its edge, so of the values within one period only the
/// latest is kept: at most one a period waits.
struct StateQueue<State: Sendable>: Sendable {
    struct Item: Sendable {
        /// The value's time in the basis.
        var time: Int64
        var state: State
    }

    /// The value that the last emitted row showed.
    private(set) var current: Item?
    private var waiting: [Item] = []
    private var head = 0

    /// Adds a value; among equal times the one added later is the later one.
    mutating func insert(_ state: State, time: Int64, grid: Grid) {
        let item = Item(time: time, state: state)
        var place = waiting.count
        while place > head, waiting[place - 1].time > time { place -= 1 }
        let period = grid.index(of: time)
        if place > head, grid.index(of: waiting[place - 1].time) == period {
            // Later in the same period than its neighbour: replaces it, unless a still later one follows.
            waiting[place - 1] = item
            return
        }
        if place < waiting.count, grid.index(of: waiting[place].time) == period { return }
        waiting.insert(item, at: place)
    }

    /// Moves on to the latest value strictly before `edge`.
    mutating func advance(to edge: Int64) {
        while head < waiting.count, waiting[head].time < edge {
            // A value older than the one shown is late and not the latest.
            if waiting[head].time >= current?.time ?? .min { current = waiting[head] }
            head += 1
        }
        if head == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 1024, head * 2 > waiting.count {
            waiting.removeSubrange(..<head)
            head = 0
        }
    }
}
