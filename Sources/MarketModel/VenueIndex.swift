/// The index of an exchange and market in an ``InstrumentTable``.
@frozen
public struct VenueIndex: Hashable, Sendable {
    /// The index, in order of first appearance.
    public var value: UInt32

    /// Wraps an index.
    @inlinable
    public init(_ value: UInt32) { self.value = value }
}
