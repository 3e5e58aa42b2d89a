import MarketModel

/// What funding and interest need beside their own messages: intervals from a reply, the latest mark prices.
struct BinanceFunding {
    /// The symbols that a reply lists with an interval of their own.
    private var listed = InstrumentTable()
    /// Their intervals in hours, in the order of the symbols.
    private var hours: [FixedDecimal] = []
    /// Whether there was a reply: then all other symbols have the usual interval.
    private var isKnown = false
    /// The latest mark price of each instrument; zero before the first.
    private var marks: [FixedDecimal] = []

    private static let usual = FixedDecimal(mantissa: 8, scale: 0)

    /// Reads the list of intervals; false if it is none.
    mutating func learn(_ list: JSONValue, in text: RawSpan) -> Bool {
        var (symbols, hours) = (InstrumentTable(), [FixedDecimal]())
        let venue = symbols.venue(exchange: "", market: .linear)
        var entries = list.elements(in: text)
        while let entry = entries.next(in: text) {
            guard let symbol = entry.member("symbol", in: text)?.bytes(in: text),
                let interval = entry.member("fundingIntervalHours", in: text)?.positive(in: text)
            else { return false }
            let index = symbols.index(of: symbol.span.bytes, venue: venue).position
            if index == hours.count { hours.append(interval) } else { hours[index] = interval }
        }
        (listed, self.hours, isKnown) = (symbols, hours, true)
        return true
    }

    /// Takes over what another connection knows.
    mutating func learn(from other: BinanceFunding) {
        if other.isKnown { (listed, hours, isKnown) = (other.listed, other.hours, true) }
        if other.marks.contains(where: { $0.mantissa > 0 }) { marks = other.marks }
    }

    /// Hours between settlements of a symbol; nil before a reply.
    func interval(of symbol: JSONValue, in text: RawSpan) -> FixedDecimal? {
        guard isKnown else { return nil }
        let index =
            JSONString.withBytes(of: symbol, in: text) { listed.find($0, venue: VenueIndex(0)) } ?? nil
        return index.map { hours[$0.position] } ?? BinanceFunding.usual
    }

    /// The latest mark price of an instrument, in quote; nil before the first.
    func mark(of instrument: InstrumentIndex) -> FixedDecimal? {
        let index = instrument.position
        return index < marks.count && marks[index].mantissa > 0 ? marks[index] : nil
    }

    mutating func note(mark: FixedDecimal, of instrument: InstrumentIndex) {
        while marks.count <= instrument.position { marks.append(.zero) }
        marks[instrument.position] = mark
    }
}

extension BinanceFunding: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("listed", &listed)
        try coder.field("hours", &hours)
        try coder.field("isKnown", &isKnown)
        try coder.field("marks", &marks)
    }
}
