/// An instrument's index in an ``InstrumentTable``: 0, 1, … in order of first appearance.
@frozen
public struct InstrumentIndex: Hashable, Sendable {
    /// The index.
    public var value: UInt32

    /// Wraps an index.
    @inlinable
    public init(_ value: UInt32) { self.value = value }

    /// The index as an `Int`, for subscripts.
    @inlinable
    public var position: Int { Int(value) }
}
