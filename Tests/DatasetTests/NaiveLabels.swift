import Dataset
import Foundation

/// Labels by their definition: each looks through the whole path again.
struct NaiveLabels {
    let rows: [PathRow]
    let entry: EntryRule
    let latency: Int64

    func value(_ label: LabelDefinition, of decision: Int) -> LabelValue {
        if label.kind == .returnSign { return ownSign(decision) }
        let last = rows[rows.count - 1].available
        let entries =
            entry == .row
            ? [decision] : rows.indices.filter { rows[$0].ts >= rows[decision].available + latency }
        guard let start = entries.first else { return LabelValue(value: nil, end: last) }
        guard let price = rows[start].price, !rows[start].isBroken else {
            return LabelValue(value: nil, end: rows[start].available)
        }
        for row in rows.indices where row > start {
            let next = rows[row]
            guard let current = next.price, !next.isBroken, !next.startsAnew else {
                return LabelValue(value: nil, end: next.available)
            }
            let isExit: Bool =
                switch label.horizon {
                case .rows(let count): row == start + count
                case .time(let length): next.ts >= rows[start].ts + length
                case nil: false
                }
            if let value = outcome(label, current, price, isExit) {
                return LabelValue(value: value, end: next.available)
            }
        }
        return LabelValue(value: nil, end: last)
    }

    private func outcome(_ label: LabelDefinition, _ exit: Double, _ entry: Double, _ isExit: Bool) -> Double?
    {
        let points = (exit - entry) / entry * 10_000
        let sign = points > 0 ? 1.0 : points < 0 ? -1.0 : 0.0
        switch label.kind {
        case .logReturn: return isExit ? log(exit / entry) : nil
        case .simpleReturn: return isExit ? exit / entry - 1 : nil
        case .direction(let band): return isExit ? (abs(points) > band ? sign : 0) : nil
        case .tripleBarrier(let up, let down, let timeoutSign):
            if points >= up { return 1 }
            if points <= -down { return -1 }
            return isExit ? (timeoutSign ? sign : 0) : nil
        case .returnSign: return nil
        }
    }

    private func ownSign(_ row: Int) -> LabelValue {
        let end = rows[row].available
        guard row > 0, !rows[row].isBroken, !rows[row].startsAnew, let now = rows[row].price,
            let before = rows[row - 1].price
        else { return LabelValue(value: nil, end: end) }
        return LabelValue(value: now > before ? 1 : now < before ? -1 : 0, end: end)
    }
}
