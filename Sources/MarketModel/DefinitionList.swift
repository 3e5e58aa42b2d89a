/// Definitions of one message or reply.
public struct DefinitionList: Equatable, Sendable {
    /// The definitions in the venue's order.
    public var definitions: [InstrumentDefinition] = []
    /// Whether the message lists all instruments that the venue offers.
    public var isWhole = false
    /// Entries without a symbol.
    public var lost = 0

    /// An empty list.
    public init() {}
}
