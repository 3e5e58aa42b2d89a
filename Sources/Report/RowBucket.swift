/// Rows of one instrument in a stretch of time.
package struct RowBucket: SeriesBucket, Equatable {
    /// Rows.
    package var rows = 0
    /// Rows with `gap` set.
    package var gapRows = 0
    /// Mid prices, quote.
    package var mid = ValueRange()
    /// Spreads, quote.
    package var spread = ValueRange()
    /// Imbalances of the book, from −1 to 1.
    package var imbalance = ValueRange()
    /// Σ size of the trades in rows whose trades were observed, base.
    package var volume = 0.0
    /// Rows whose trades were observed.
    package var tradedRows = 0

    /// A histogram without ages.
    package init() {}

    /// Merges the following stretch of time.
    package mutating func merge(_ later: RowBucket) {
        rows += later.rows
        gapRows += later.gapRows
        mid.merge(later.mid)
        spread.merge(later.spread)
        imbalance.merge(later.imbalance)
        volume += later.volume
        tradedRows += later.tradedRows
    }
}
