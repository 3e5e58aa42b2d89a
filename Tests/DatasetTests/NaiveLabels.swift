import Dataset
import Foundation
import MarketModel

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

    /// Prices in thousandths, twice: whole numbers.
    private static func whole(_ price: ExactPrice) -> Int {
        guard case .mid(let bid, let ask) = price else { return 0 }
        return Int(bid.mantissa(atScale: 3) ?? 0) + Int(ask.mantissa(atScale: 3) ?? 0)
    }

    private func outcome(
        _ label: LabelDefinition,
        _ exitPrice: ExactPrice,
        _ entryPrice: ExactPrice,
        _ isExit: Bool
    ) -> Double? {
        let (exit, entry) = (NaiveLabels.whole(exitPrice), NaiveLabels.whole(entryPrice))
        let change = exit - entry
        // The tests' bounds have at most one decimal.
        let points = change * 100_000
        let bound = { (decimal: FixedDecimal) in Int(decimal.mantissa(atScale: 1) ?? 0) * entry }
        let sign = Double(change.signum())
        switch label.kind {
        case .logReturn: return isExit ? log1p(Double(change) / Double(entry)) : nil
        case .simpleReturn: return isExit ? Double(change) / Double(entry) : nil
        case .direction(let band): return isExit ? (abs(points) > bound(band) ? sign : 0) : nil
        case .tripleBarrier(let up, let down, let timeoutSign):
            if points >= bound(up) { return 1 }
            if points <= -bound(down) { return -1 }
            return isExit ? (timeoutSign ? sign : 0) : nil
        case .returnSign: return nil
        }
    }

    private func ownSign(_ row: Int) -> LabelValue {
        let end = rows[row].available
        guard row > 0, !rows[row].isBroken, !rows[row].startsAnew, let now = rows[row].price,
            let before = rows[row - 1].price
        else { return LabelValue(value: nil, end: end) }
        let change = NaiveLabels.whole(now) - NaiveLabels.whole(before)
        return LabelValue(value: Double(change.signum()), end: end)
    }
}
