import Exchanges
import MarketModel

/// A book's next snapshot: why and since when it is wanted, and what was done for it.
struct WantedSnapshot: Sendable {
    /// Nil while it is not wanted.
    var since: Int64?
    var cause = WantedSnapshot.missing
    /// Whether the book is wrong meanwhile, rather than only to begin anew in a file.
    var isWrong = false
    /// Tries since the last snapshot.
    var tries = 0
    /// When the next try is due; `.max` = when something tells that it is.
    var due = Int64.max
    /// When the last try was made, in the session.
    var lastTry: Int64?
    /// Whether the ledger has a gap of the book's own open.
    var hasGap = false

    /// The cause of a book that has had no snapshot since its connection opened.
    static let missing = "noSnapshot"

    /// It came.
    mutating func fulfil() {
        (since, isWrong, tries, due, hasGap) = (nil, false, 0, .max, false)
    }
}
