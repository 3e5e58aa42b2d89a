import MarketModel

/// The rows that one move of an instrument's clock emits over a gap, or its end.
struct RowPlan: Sendable {
    /// The instrument.
    let position: Int
    /// The clock before the move and after it.
    let start: Int64
    let target: Int64
    /// The last row to emit; nil if there is none.
    private let last: Int64?
    /// Whether only rows with trades or liquidations are emitted: the gap is too long to fill.
    private let isSparse: Bool
    /// The next row to emit; nil at the end.
    private(set) var next: Int64?
    /// The rows emitted.
    private(set) var emitted: Int64 = 0

    /// Whether the gap is longer than `maxGapFill`.
    let isJump: Bool

    init(of position: Int, _ rows: RowAssembler, _ move: Range<Int64>, maxGapFill: Int64, _ grid: Grid) {
        self.position = position
        (start, target) = (move.lowerBound, move.upperBound)
        isJump = target - start > maxGapFill
        let waiting = isJump ? rows.lastTime(before: grid.edge(of: target)) : nil
        last = isJump ? waiting.map(grid.row) : target
        isSparse = (last ?? start) - start > maxGapFill
        next = row(after: start, rows, grid)
    }

    /// Moves on from the row that was just emitted.
    mutating func advance(_ rows: RowAssembler, _ grid: Grid) {
        emitted += 1
        next = next.flatMap { row(after: $0, rows, grid) }
    }

    private func row(after row: Int64, _ rows: RowAssembler, _ grid: Grid) -> Int64? {
        guard let last, row < last else { return nil }
        if !isSparse { return row + 1 }
        guard let time = rows.firstTime else { return nil }
        let next = grid.row(of: time)
        return next <= last ? next : nil
    }
}
