import MarketModel

/// Computes one label row by row of an instrument, as soon as the path is long enough.
///
/// The entry row is the first whose `ts` is at least the decision time; the path runs from it through the
/// last row used. A gap, a partial row, a missing price or a jump breaks the path: the label is nil and
/// ends there.
struct LabelCursor: Sendable {
    let label: LabelDefinition
    let entry: EntryRule
    let latency: Int64

    /// The row that is decided next.
    private(set) var decision = 0
    private var entryRow: Int?
    private var scan = 0
    // Entry rows never go back, so the search continues where the last one ended.
    private var search = 0
    /// The path from the latest entry row up to here is known to be unbroken.
    private var whole = 0

    init(_ label: LabelDefinition, entry: EntryRule, latency: Int64) {
        self.label = label
        self.entry = entry
        self.latency = latency
    }

    /// The first row still needed.
    var needed: Int { max(0, label.isContemporaneous ? decision - 1 : min(decision, search)) }

    /// The label of the next row; nil until the path is long enough or ended.
    mutating func next(_ path: LabelPath) -> LabelValue? {
        guard decision < path.end else { return nil }
        let value = label.isContemporaneous ? ownSign(path) : forward(path)
        guard let value else { return nil }
        decision += 1
        entryRow = nil
        return value
    }

    private func ownSign(_ path: LabelPath) -> LabelValue {
        let row = path[decision]
        guard decision > 0, !row.isBroken, !row.startsAnew, let price = row.price,
            let previous = path[decision - 1].price
        else { return LabelValue(value: nil, end: row.available) }
        return LabelValue(value: Double(ExactReturn(from: previous, to: price).sign), end: row.available)
    }

    private mutating func forward(_ path: LabelPath) -> LabelValue? {
        if entryRow == nil {
            guard let found = findEntry(path) else { return ending(path) }
            entryRow = found
            whole = max(whole, found)
            scan = found + 1
        }
        guard let entryRow else { return nil }
        guard let price = path[entryRow].price, !path[entryRow].isBroken else {
            return LabelValue(value: nil, end: path[entryRow].available)
        }
        if case .tripleBarrier(let up, let down, let timeoutSign) = label.kind {
            return barrier(path, entryRow, price, up: up, down: down, timeoutSign: timeoutSign)
        }
        return exit(path, entryRow, price)
    }

    private mutating func findEntry(_ path: LabelPath) -> Int? {
        if entry == .row {
            search = decision
            return decision
        }
        let (time, overflow) = path[decision].available.addingReportingOverflow(latency)
        search = max(search, path.first)
        while search < path.end {
            if !overflow, path[search].ts >= time { return search }
            search += 1
        }
        return nil
    }

    /// The path ended early: the label is nil and ends with the last row there is.
    private func ending(_ path: LabelPath) -> LabelValue? {
        path.isEnded ? LabelValue(value: nil, end: path[path.end - 1].available) : nil
    }

    /// Whether `row`, after the entry row, breaks the path.
    private func breaks(_ row: PathRow) -> Bool { row.isBroken || row.startsAnew || row.price == nil }

    private func isExit(_ row: Int, _ path: LabelPath, from entryRow: Int) -> Bool {
        switch label.horizon {
        case .rows(let count): row - entryRow >= count
        case .time(let length): path[row].ts - path[entryRow].ts >= length
        case nil: true
        }
    }

    private mutating func exit(_ path: LabelPath, _ entryRow: Int, _ price: ExactPrice) -> LabelValue? {
        // Exit rows never go back either: each row is checked once, whatever the horizon.
        whole = max(whole, entryRow)
        while true {
            if whole > entryRow, isExit(whole, path, from: entryRow) {
                let change = ExactReturn(from: price, to: path[whole].price ?? price)
                return LabelValue(value: value(change), end: path[whole].available)
            }
            guard whole + 1 < path.end else { return ending(path) }
            if breaks(path[whole + 1]) { return LabelValue(value: nil, end: path[whole + 1].available) }
            whole += 1
        }
    }

    private func value(_ change: ExactReturn) -> Double {
        switch label.kind {
        case .logReturn: NaturalLogarithm.of(change)
        case .direction(let band):
            change.compared(to: band) > 0 ? 1 : change.compared(to: band.negated) < 0 ? -1 : 0
        default: change.nearest
        }
    }

    private mutating func barrier(
        _ path: LabelPath,
        _ entryRow: Int,
        _ price: ExactPrice,
        up: FixedDecimal,
        down: FixedDecimal,
        timeoutSign: Bool
    ) -> LabelValue? {
        while scan < path.end {
            let row = path[scan]
            guard let current = row.price, !row.isBroken, !row.startsAnew else {
                return LabelValue(value: nil, end: row.available)
            }
            // One price a row: both barriers cannot be reached in the same one.
            let change = ExactReturn(from: price, to: current)
            if change.compared(to: up) >= 0 { return LabelValue(value: 1, end: row.available) }
            if change.compared(to: down.negated) <= 0 { return LabelValue(value: -1, end: row.available) }
            if isExit(scan, path, from: entryRow) {
                return LabelValue(value: timeoutSign ? Double(change.sign) : 0, end: row.available)
            }
            scan += 1
        }
        return ending(path)
    }
}

extension FixedDecimal {
    /// Safe: bands and barriers are at least 0.
    fileprivate var negated: FixedDecimal { FixedDecimal(mantissa: 0 &- mantissa, scale: scale) }
}
