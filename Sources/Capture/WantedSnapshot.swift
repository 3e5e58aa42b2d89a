import Exchanges
import MarketModel

/// A book's next snapshot: why and since when it is wanted, and what was tried.
struct WantedSnapshot: Sendable {
    /// Since when; nil if it is not wanted.
    var since: Int64?
    var cause = WantedSnapshot.missing
    /// Whether the book is wrong, rather than only needing a snapshot in a new file.
    var isWrong = false
    /// Tries since the last snapshot.
    var tries = 0
    /// When the next try is due; `.max` = not yet known.
    var due = Int64.max
    /// When the last try was made, in the session.
    var lastTry: Int64?
    /// Whether the book has an open gap of its own in the ledger.
    var hasGap = false

    /// The cause of a book that has had no snapshot since its connection opened.
    static let missing = "noSnapshot"

    /// The snapshot came.
    mutating func fulfil() {
        (since, isWrong, tries, due, hasGap) = (nil, false, 0, .max, false)
    }
}
