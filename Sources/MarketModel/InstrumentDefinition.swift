/// What a venue says of an instrument it offers: what is traded, and what prices and sizes are multiples of.
///
/// A number is nil where the venue does not say it, or not as a decimal above zero; nothing is inferred.
public struct InstrumentDefinition: Equatable, Sendable {
    /// The kinds of contract.
    public enum Contract: String, Equatable, Sendable, CaseIterable {
        /// Immediate delivery.
        case spot
        /// A derivative without a date.
        case perpetual
        /// A derivative with a date.
        case future
    }

    /// The symbol as on the wire.
    public var symbol: String
    /// Prices are multiples of it: quote.
    public var tickSize: FixedDecimal?
    /// Sizes are multiples of it: base, on inverse markets quote.
    public var sizeStep: FixedDecimal?
    /// The least size of an order: base, on inverse markets quote.
    public var minimumSize: FixedDecimal?
    /// The kind of contract; nil where the venue's word for it is not known.
    public var contract: Contract?
    /// The asset that is traded.
    public var base = ""
    /// The asset it is priced in.
    public var quote = ""
    /// The venue's word for whether it is traded, such as `Trading` or `online`.
    public var status = ""

    /// A definition of which only the symbol is known.
    public init(symbol: String) { self.symbol = symbol }
}
