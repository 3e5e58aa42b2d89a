/// The best bid and ask of a book after one of its updates, as a ticker states them.
@frozen
public struct BookTop: Sendable {
    /// The instrument.
    public var instrument: InstrumentIndex
    /// The book's update number.
    public var number: Int64
    /// The best bid; of price zero if there is none.
    public var bid: PriceLevel
    /// The best ask; of price zero if there is none.
    public var ask: PriceLevel

    /// A top after the update with a number.
    @inlinable
    public init(instrument: InstrumentIndex, number: Int64, bid: PriceLevel, ask: PriceLevel) {
        (self.instrument, self.number, self.bid, self.ask) = (instrument, number, bid, ask)
    }
}
