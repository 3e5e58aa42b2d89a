/// The best bid and ask of a book as a ticker states them: after one of its updates or, without a number, about now.
@frozen
public struct BookTop: Sendable {
    /// The instrument.
    public var instrument: InstrumentIndex
    /// The book's update number; nil where the venue states none: then it is of the book as it is, or after its next
    /// message, which tickers may overtake.
    public var number: Int64?
    /// The best bid; of price zero if there is none, of size zero if that is not stated.
    public var bid: PriceLevel
    /// The best ask, as the bid.
    public var ask: PriceLevel

    /// A top after the update with a number, or about now.
    @inlinable
    public init(instrument: InstrumentIndex, number: Int64? = nil, bid: PriceLevel, ask: PriceLevel) {
        (self.instrument, self.number, self.bid, self.ask) = (instrument, number, bid, ask)
    }
}
