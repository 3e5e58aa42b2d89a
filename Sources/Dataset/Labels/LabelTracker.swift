/// Computes all labels of a plan for the rows of one instrument, in order.
package struct LabelTracker: Sendable {
    private var path = LabelPath()
    private var cursors: [LabelCursor]
    // Values of rows whose other labels are not known yet, a queue per label.
    private var queues: [LabelQueue]
    private var taken = 0

    package init(_ labels: [LabelDefinition], entry: EntryRule, latency: Int64) {
        cursors = labels.map { LabelCursor($0, entry: entry, latency: latency) }
        queues = labels.map { _ in LabelQueue() }
    }

    /// Appends the next row, then calls `body` with all labels of each row whose labels are now all known.
    package mutating func append(
        _ row: PathRow,
        _ body: ([LabelValue]) throws(DatasetError) -> Void
    ) throws(DatasetError) {
        path.append(row)
        try advance(body)
    }

    /// Ends the rows, then calls `body` for those that remain.
    package mutating func finish(
        _ body: ([LabelValue]) throws(DatasetError) -> Void
    ) throws(DatasetError) {
        path.finish()
        try advance(body)
    }

    private mutating func advance(
        _ body: ([LabelValue]) throws(DatasetError) -> Void
    ) throws(DatasetError) {
        guard !cursors.isEmpty else {
            while taken < path.end {
                taken += 1
                try body([])
            }
            path.forget(before: taken)
            return
        }
        for index in cursors.indices {
            while let value = cursors[index].next(path) { queues[index].append(value) }
        }
        let ready = queues.reduce(Int.max) { min($0, $1.count) }
        guard ready > 0 else { return }
        for row in 0..<ready { try body(queues.map { $0[row] }) }
        for index in queues.indices { queues[index].removeFirst(ready) }
        path.forget(before: cursors.reduce(Int.max) { min($0, $1.needed) })
    }
}

/// Values in the order of their rows; removing the first takes constant time.
private struct LabelQueue: Sendable {
    private var values: [LabelValue] = []
    private var start = 0

    var count: Int { values.count - start }

    subscript(_ index: Int) -> LabelValue { values[start + index] }

    mutating func append(_ value: LabelValue) { values.append(value) }

    mutating func removeFirst(_ count: Int) {
        start += count
        if start == values.count || (start > 1024 && start * 2 > values.count) {
            values.removeFirst(start)
            start = 0
        }
    }
}
