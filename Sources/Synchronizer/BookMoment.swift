import MarketModel

/// As of when a row shows the book.
enum BookMoment: Sendable {
    /// Strictly before the edge of the row with this index.
    case edge(Int64)
    /// Before the frame with this number if the book changed in it: off the grid.
    case frame(Int)
}
