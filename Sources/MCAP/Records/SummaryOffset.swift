/// The range of a group of summary records.
public struct SummaryOffset: Equatable, Sendable {
    /// The kind of the records.
    public var opcode: UInt8
    /// Offset of the first.
    public var start: UInt64
    /// Their length together.
    public var length: UInt64
}
