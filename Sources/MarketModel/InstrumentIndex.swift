/// An instrument's place in an ``InstrumentTable``: 0, 1, … in order of first sight.
@frozen
public struct InstrumentIndex: Hashable, Sendable {
    /// The place.
    public var value: UInt32

    /// Wraps a place.
    @inlinable
    public init(_ value: UInt32) { self.value = value }

    /// The place as a subscript.
    @inlinable
    public var position: Int { Int(value) }
}
