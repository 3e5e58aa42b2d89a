import MarketModel
import OrderBooks

/// Where a row finds its book.
enum RowBook: Sendable {
    /// In the book as it is.
    case live
    /// In the history: the book's messages have passed the row's edge.
    case history
    /// In the row: the history gave it away, for it was the last to show it.
    case taken
    /// In what was kept before the frame at hand: rows off the grid.
    case beforeFrame
}
