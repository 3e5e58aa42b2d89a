import MarketModel

/// A carried-forward state such as the funding rate, with the values that no emitted row has reached yet.
///
/// A row shows the latest value strictly before its edge, so at most one value a period waits: the latest.
struct CarriedForward<State: Sendable>: Sendable {
    struct Item: Sendable {
        /// The value's time in the basis.
        var time: Int64
        var state: State
    }

    /// The time of the value that the last emitted row showed; `Int64.min` before the first.
    private(set) var currentTime: Int64 = .min
    private(set) var current: State?
    private var waiting: [Item] = []
    private var head = 0
    /// The time of the first waiting value; `Int64.max` if none.
    private var first: Int64 = .max
    /// The end of the last waiting value's period: avoids divisions.
    private var periodEnd: Int64 = .min

    /// The number of waiting values.
    var count: Int { waiting.count - head }

    /// Whether a value before `edge` waits.
    @inline(__always)
    func isDue(before edge: Int64) -> Bool { first < edge }

    /// Adds a value; of equal times the one added last is the latest.
    mutating func insert(_ state: State, time: Int64, grid: Grid) {
        store(Item(time: time, state: state), grid)
        first = waiting[head].time
    }

    private mutating func store(_ item: Item, _ grid: Grid) {
        let time = item.time
        if head == waiting.count || time >= waiting[waiting.count - 1].time {
            if head < waiting.count, time < periodEnd {
                waiting[waiting.count - 1] = item
            } else {
                periodEnd = grid.edge(of: grid.row(of: time))
                waiting.append(item)
            }
            return
        }
        var index = waiting.count
        while index > head, waiting[index - 1].time > time { index -= 1 }
        if index > head, grid.shares(waiting[index - 1].time, time) {
            // Replaces an earlier value of the same period, unless a still later one follows.
            waiting[index - 1] = item
            return
        }
        if index < waiting.count, grid.shares(waiting[index].time, time) { return }
        waiting.insert(item, at: index)
    }

    /// Advances to the latest value strictly before `edge`, which must exist, and returns it.
    mutating func advance(to edge: Int64) -> State? {
        while head < waiting.count, waiting[head].time < edge {
            // A value older than the one shown is late.
            if waiting[head].time >= currentTime {
                currentTime = waiting[head].time
                current = waiting[head].state
            }
            head += 1
        }
        if head == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 1024, head * 2 > waiting.count {
            waiting.removeSubrange(..<head)
            head = 0
        }
        first = head < waiting.count ? waiting[head].time : .max
        return current
    }

    /// Drops values that no pending row needs; always keeps the latest.
    mutating func prune(_ grid: Grid, unless isNeeded: (ClosedRange<Int64>) -> Bool) {
        var kept: [Item] = []
        for index in head..<waiting.count {
            let first = grid.row(of: waiting[index].time)
            if index + 1 == waiting.count || isNeeded(first...grid.index(of: waiting[index + 1].time)) {
                kept.append(waiting[index])
            }
        }
        waiting = kept
        head = 0
        first = waiting.first?.time ?? .max
    }
}

extension CarriedForward: StateCodable where State: StateElement {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var left = Array(waiting[head...])
        // Of nothing that waits there is no last period.
        if left.isEmpty { periodEnd = .min }
        try coder.field("currentTime", &currentTime)
        try coder.field("current", &current)
        try coder.field("waiting", &left)
        try coder.field("periodEnd", &periodEnd)
        guard coder.isReading else { return }
        guard zip(left, left.dropFirst()).allSatisfy({ $0.time <= $1.time }),
            !left.isEmpty || periodEnd == .min
        else {
            throw coder.malformed("values out of order")
        }
        (waiting, head, first) = (left, 0, left.first?.time ?? .max)
    }
}

extension CarriedForward.Item: StateCodable, StateElement where State: StateElement {
    static var blank: Self { Self(time: 0, state: .blank) }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("time", &time)
        try coder.packed("state", &state)
    }
}
