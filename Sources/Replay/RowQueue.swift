import Features
import MarketModel
import Rows
import Synchronizer

/// Rows that wait to be asked for, oldest first.
final class RowQueue: RowSink {
    let wants: RowNeeds
    private var rows: [Row] = []
    private var taken = 0

    init(wants: RowNeeds) { self.wants = wants }

    func write(_ row: borrowing Row) { rows.append(copy row) }

    /// Removes the oldest row; nil without any.
    func next() -> Row? {
        guard taken < rows.count else {
            rows.removeAll(keepingCapacity: true)
            taken = 0
            return nil
        }
        defer { taken += 1 }
        return rows[taken]
    }
}
