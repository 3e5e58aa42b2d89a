/// How a book message joins the one before it, at venues whose messages name that.
@frozen
public struct BookLink: Equatable, Sendable {
    /// The first number that a delta holds; for a seed, the number that its first newer delta holds.
    public var first: Int64
    /// The number of the delta before it; a seed has none.
    public var previous: Int64

    /// Makes a link.
    @inlinable
    public init(first: Int64, previous: Int64) {
        self.first = first
        self.previous = previous
    }

    /// Of messages that are not linked.
    @inlinable
    public static var none: BookLink { BookLink(first: 0, previous: 0) }
}
