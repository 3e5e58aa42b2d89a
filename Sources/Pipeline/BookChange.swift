import MarketModel
public import OrderBooks

/// The effect of a message on a book.
@frozen
public struct BookChange: Sendable {
    /// Whether the book is gapped now.
    public var isGapped: Bool
    /// The cause; nil if it was gapped before, or is not.
    public var newGap: GapCause?

    /// Makes a change, by default of a correct book.
    @inlinable
    public init(isGapped: Bool = false, newGap: GapCause? = nil) {
        self.isGapped = isGapped
        self.newGap = newGap
    }
}
