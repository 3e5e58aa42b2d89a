import MarketModel

/// What all decoders do with the batch they append to.
extension EventBatch {
    /// The longest symbol taken for one; no venue comes near it.
    static let longestSymbol = 64

    /// The instrument of a symbol's JSON string; nil if it cannot be read.
    mutating func instrument(_ symbol: JSONValue, in text: RawSpan, venue: VenueIndex) -> InstrumentIndex? {
        JSONString.withBytes(of: symbol, in: text) { instrument($0, venue: venue) } ?? nil
    }

    /// The instrument of a symbol; nil if it is empty or too long to be one.
    @inline(__always)
    mutating func instrument(_ symbol: RawSpan, venue: VenueIndex) -> InstrumentIndex? {
        guard 1...EventBatch.longestSymbol ~= symbol.byteCount else { return nil }
        return instruments.index(of: symbol, venue: venue)
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

/// How many entries of a message were read and how many were lost.
struct Tally {
    var read = 0
    var lost = 0

    mutating func count(_ isRead: Bool) {
        if isRead { read += 1 } else { lost += 1 }
    }

    /// An error only if nothing at all was read.
    var outcome: FrameOutcome { read == 0 && lost > 0 ? .error : .decoded }
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
