/// What a sink needs besides the numbers of rows.
public struct RowNeeds: OptionSet, Sendable {
    /// A bit a need.
    public let rawValue: UInt8

    /// Makes a set of needs from their bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Snapshots show the levels of books; without them rows cost less, and aggregates are the same.
    public static let levels = RowNeeds(rawValue: 1)
    /// Every decoded event.
    public static let events = RowNeeds(rawValue: 2)
}
