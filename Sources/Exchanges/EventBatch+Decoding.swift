import MarketModel

/// What all decoders do with the batch they append to.
extension EventBatch {
    /// The longest symbol taken for one; no venue comes near it.
    static let longestSymbol = 64

    /// What a symbol's JSON string names.
    mutating func name(
        _ symbol: JSONValue,
        in text: RawSpan,
        venue: VenueIndex,
        within symbols: SubscribedSymbols
    ) -> NamedInstrument {
        JSONString.withBytes(of: symbol, in: text) { name($0, venue: venue, within: symbols) } ?? .unreadable
    }

    /// What a symbol names; one that is empty or too long is none.
    @inline(__always)
    mutating func name(
        _ symbol: RawSpan,
        venue: VenueIndex,
        within symbols: SubscribedSymbols
    ) -> NamedInstrument {
        guard 1...EventBatch.longestSymbol ~= symbol.byteCount else { return .unreadable }
        guard symbols.contains(symbol) else { return .unsubscribed }
        return .instrument(instruments.index(of: symbol, venue: venue))
    }

    /// The instrument of a name that was seen before; nil for one that was not, or is not subscribed.
    borrowing func find(
        _ name: FastName,
        venue: VenueIndex,
        within symbols: borrowing SubscribedSymbols
    ) -> InstrumentIndex? {
        let instruments = self.instruments
        let isSubscribed = name.withBytes { symbols.contains($0) }
        return isSubscribed ? name.withBytes { instruments.find($0, venue: venue) } : nil
    }

    /// Counts a frame whose one entry is of a symbol that was not subscribed.
    mutating func unsubscribed() -> FrameOutcome {
        unsubscribedCount += 1
        return .unknown
    }

    /// Counts a frame of which nothing can be read.
    mutating func unreadable() -> FrameOutcome {
        errorCount += 1
        return .error
    }

    /// Counts a book message that cannot be read: what was read of it goes, its book is wrong.
    mutating func bookFault(
        _ instrument: InstrumentIndex?,
        depth: UInt32?,
        since mark: Mark,
        at receiveTime: Int64
    ) {
        rewind(to: mark)
        errorCount += 1
        append(
            FeedStatus(
                .bookFault,
                kinds: .book,
                instrument: instrument,
                depth: depth,
                exchangeTime: frameTime,
                receiveTime: receiveTime
            )
        )
    }

    /// Says that a feed is alive though its message held no event.
    mutating func live(_ kinds: FeedKinds, _ instrument: InstrumentIndex, at receiveTime: Int64) {
        append(
            FeedStatus(
                .live,
                kinds: kinds,
                instrument: instrument,
                exchangeTime: frameTime,
                receiveTime: receiveTime
            )
        )
    }
}

/// What the symbol of a message or an entry names.
enum NamedInstrument {
    case instrument(InstrumentIndex)
    /// A symbol that nobody subscribed.
    case unsubscribed
    /// There is none that can be read.
    case unreadable

    /// The instrument; nil if it is none.
    var index: InstrumentIndex? {
        if case .instrument(let index) = self { index } else { nil }
    }

    var isUnsubscribed: Bool {
        if case .unsubscribed = self { true } else { false }
    }
}

/// What became of the entries of a message.
struct Tally {
    /// What became of one.
    enum Entry { case read, lost, unsubscribed }

    var read = 0
    var lost = 0
    var unsubscribed = 0

    mutating func count(_ entry: Entry) {
        switch entry {
        case .read: read += 1
        case .lost: lost += 1
        case .unsubscribed: unsubscribed += 1
        }
    }

    /// An error only if nothing at all was read, unknown only if there was nothing to read.
    var outcome: FrameOutcome {
        if read > 0 || lost + unsubscribed == 0 { return .decoded }
        return lost > 0 ? .error : .unknown
    }
}

extension JSONValue {
    /// A size of a book's level, or another decimal that is not negative.
    func magnitude(in text: RawSpan) -> FixedDecimal? {
        guard let value = decimal(in: text), !value.isNegative else { return nil }
        return value
    }

    /// A price, or the size of a trade: a decimal above zero.
    func positive(in text: RawSpan) -> FixedDecimal? {
        guard let value = decimal(in: text), value.mantissa > 0 else { return nil }
        return value
    }

    /// An identifier: a string of at most ``TradeID/maximumLength`` bytes or a number's digits.
    ///
    /// ``TradeID/none`` if there is none (`value` nil or `null`); nil if it is anything else.
    static func tradeID(_ value: JSONValue?, in text: RawSpan) -> TradeID? {
        guard let value else { return TradeID.none }
        switch value.kind(in: text) {
        case .null: return TradeID.none
        case .number: return TradeID(text.extracting(value.start..<value.end))
        case .string: return JSONString.withBytes(of: value, in: text) { TradeID($0) } ?? nil
        default: return nil
        }
    }
}
