/// A venue's definition of an instrument: what is traded, and the steps of prices and sizes.
///
/// A number is nil if the venue does not state it as a decimal above zero; nothing is inferred.
public struct InstrumentDefinition: Equatable, Sendable {
    /// The kinds of contract.
    public enum Contract: String, Equatable, Sendable, CaseIterable {
        /// Immediate delivery.
        case spot
        /// A derivative without a date.
        case perpetual
        /// A derivative with a date.
        case future
        /// A derivative settled in an asset that is neither of its pair: a contract is worth no fixed amount of either.
        case quanto
    }

    /// The symbol as on the wire.
    public var symbol: String
    /// The step of prices, quote.
    public var tickSize: FixedDecimal?
    /// The step of sizes: base, or quote on inverse markets.
    public var sizeStep: FixedDecimal?
    /// The smallest size of an order: base, or quote on inverse markets.
    public var minimumSize: FixedDecimal?
    /// The amount of one contract where sizes count contracts: base, or quote on inverse markets.
    public var contractSize: FixedDecimal?
    /// The kind of contract; nil if the venue's word for it is unknown.
    public var contract: Contract?
    /// The asset that is traded.
    public var base = ""
    /// The asset it is priced in.
    public var quote = ""
    /// The venue's word for whether it is traded, such as `Trading` or `online`.
    public var status = ""

    /// A definition with a symbol only.
    public init(symbol: String) { self.symbol = symbol }
}
