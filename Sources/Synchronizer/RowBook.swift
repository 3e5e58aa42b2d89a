import MarketModel
import OrderBooks

/// Where a row's book is.
enum RowBook: Sendable {
    /// The live book.
    case live
    /// In the history: the book's messages have crossed the row's edge.
    case history
    /// Moved from the history into the row, the last one to show it.
    case taken
    /// As before the current frame: rows off the grid.
    case beforeFrame
}
