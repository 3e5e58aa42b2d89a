/// A venue's book of names inside an ``InstrumentTable``: one (exchange, market).
@frozen
public struct VenueIndex: Hashable, Sendable {
    /// The place, in order of first sight.
    public var value: UInt32

    /// Wraps a place.
    @inlinable
    public init(_ value: UInt32) { self.value = value }
}
