package import MarketModel

/// What a page needs of one row.
package struct ReportedRow: Sendable {
    /// The row's label, its right edge: nanoseconds since the Unix epoch, UTC.
    package var ts: Int64
    /// `ob_mid_price`, quote.
    package var mid: Double?
    /// `ob_spread`, quote.
    package var spread: Double?
    /// `ob_imbalance`.
    package var imbalance: Double?
    /// `trade_volume`, base; nil if trades were not observed.
    package var volume: Double?
    /// The age of the book, nanoseconds; nil without a synced book.
    package var bookAge: Int64?
    /// The kinds whose feed was live throughout the row's period.
    package var observed: FeedKinds
    /// Whether the book was synced.
    package var isSynced: Bool
    /// Whether the book was gapped or a feed not live at some time in the period.
    package var gap: Bool
    /// Whether the data ended before the row's edge.
    package var partial: Bool

    /// Makes the facts of a row.
    package init(
        ts: Int64,
        mid: Double?,
        spread: Double?,
        imbalance: Double?,
        volume: Double?,
        bookAge: Int64?,
        observed: FeedKinds,
        isSynced: Bool,
        gap: Bool,
        partial: Bool
    ) {
        (self.ts, self.mid, self.spread, self.imbalance) = (ts, mid, spread, imbalance)
        (self.volume, self.bookAge, self.observed) = (volume, bookAge, observed)
        (self.isSynced, self.gap, self.partial) = (isSynced, gap, partial)
    }
}
