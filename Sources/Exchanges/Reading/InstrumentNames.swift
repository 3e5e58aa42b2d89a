import MarketModel

/// The symbols of one connection that were read before, and the instruments they name.
struct InstrumentNames: Sendable {
    let venue: VenueIndex
    private(set) var subscribed = SubscribedSymbols()
    private var known = FastNames<InstrumentIndex>()

    init(venue: VenueIndex) { self.venue = venue }

    /// Restricts the names to symbols that were subscribed.
    mutating func restrict(to symbols: SubscribedSymbols) {
        subscribed = symbols
        known = FastNames()
    }

    /// The instrument of a symbol; nil if it was never seen, or is not subscribed.
    @inline(__always)
    mutating func known(_ name: FastName, in instruments: borrowing InstrumentTable) -> InstrumentIndex? {
        known[name] ?? learn(name, instruments)
    }

    @inline(never)
    private mutating func learn(_ name: FastName, _ instruments: borrowing InstrumentTable) -> InstrumentIndex? {
        guard name.isPlain, let instrument = instruments.find(name, venue: venue, within: subscribed)
        else { return nil }
        known.remember(name, instrument)
        return instrument
    }
}
