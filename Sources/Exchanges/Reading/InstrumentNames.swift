import MarketModel

/// The symbols of one connection that were read before, and the instruments they name.
package struct InstrumentNames: Sendable {
    /// The longest symbol taken for one, in bytes; no venue comes near it.
    static let longest = 64

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
    private mutating func learn(
        _ name: FastName,
        _ instruments: borrowing InstrumentTable
    ) -> InstrumentIndex? {
        guard let instrument = find(name, in: instruments) else { return nil }
        known.remember(name, instrument)
        return instrument
    }

    /// ``known(_:in:)`` without its memory.
    func find(_ name: FastName, in instruments: borrowing InstrumentTable) -> InstrumentIndex? {
        guard name.isPlain else { return nil }
        return name.withBytes { subscribed.contains($0) ? instruments.find($0, venue: venue) : nil }
    }

    /// What a symbol's JSON string names.
    func instrument(
        of symbol: JSONValue,
        in text: RawSpan,
        _ instruments: inout InstrumentTable
    ) -> NamedInstrument {
        JSONString.withBytes(of: symbol, in: text) { instrument(of: $0, &instruments) } ?? .unreadable
    }

    /// What a symbol names, an instrument of its own if it is new; one that is empty or too long names none.
    @inline(__always)
    func instrument(of symbol: RawSpan, _ instruments: inout InstrumentTable) -> NamedInstrument {
        guard 1...InstrumentNames.longest ~= symbol.byteCount else { return .unreadable }
        guard subscribed.contains(symbol) else { return .unsubscribed }
        return .instrument(instruments.index(of: symbol, venue: venue))
    }
}
