import MarketModel

/// The merged row of an instrument: updates carry only what changed.
struct BitMEXTicker: Sendable {
    var rate: FixedDecimal?
    var nextFundingTime: Int64?
    var intervalHours: FixedDecimal?
    var openInterest: FixedDecimal?
    var markPrice: FixedDecimal?

    /// 2000-01-01T00:00:00Z.
    static let epoch = 946_684_800 * UnixTime.second

    /// A span of time in hours: the venue writes the time at which it ends if it begins with the year 2000.
    static func hours(_ value: JSONValue?, in text: RawSpan) -> FixedDecimal? {
        guard let end = value?.rfc3339(in: text), end > epoch else { return nil }
        let seconds = (end - epoch) / UnixTime.second
        guard seconds % 36 == 0 else { return nil }
        let hours = FixedDecimal(mantissa: seconds / 36, scale: 2)
        return hours.mantissa(atScale: 0).map { FixedDecimal(mantissa: $0, scale: 0) } ?? hours
    }
}

extension BitMEXTicker {
    /// What a row makes of a ticker.
    struct Reading {
        var ticker: BitMEXTicker
        /// What the row says something of.
        private(set) var kinds = FeedKinds()
        /// The members that cannot be read, a bit each: of one that stands twice the last counts.
        private var malformed: UInt8 = 0

        var isMalformed: Bool { malformed != 0 }

        init(of ticker: BitMEXTicker) { self.ticker = ticker }

        /// Merges a member; `null` says that there is none, and so does a mark price of zero.
        mutating func merge(_ key: JSONValue, _ value: JSONValue, in text: RawSpan) {
            if key.isString("fundingRate", in: text) {
                ticker.rate = take(1, value.decimal(in: text), value, text, .fundingRates)
            } else if key.isString("fundingTimestamp", in: text) {
                ticker.nextFundingTime = take(2, value.rfc3339(in: text), value, text, .fundingRates)
            } else if key.isString("fundingInterval", in: text) {
                _ = take(4, value.rfc3339(in: text), value, text, .fundingRates)
                ticker.intervalHours = BitMEXTicker.hours(value, in: text)
            } else if key.isString("openInterest", in: text) {
                ticker.openInterest = take(8, value.magnitude(in: text), value, text, .openInterest)
            } else if key.isString("markPrice", in: text) {
                ticker.markPrice = take(16, value.magnitude(in: text), value, text, FeedKinds())
                if ticker.markPrice?.isZero == true { ticker.markPrice = nil }
            }
        }

        /// What was found of a member that says something of a kind.
        private mutating func take<Value>(
            _ member: UInt8,
            _ found: Value?,
            _ value: JSONValue,
            _ text: RawSpan,
            _ kind: FeedKinds
        ) -> Value? {
            kinds.formUnion(kind)
            malformed &= ~member
            if found == nil, !value.isNothing(in: text) { malformed |= member }
            return found
        }
    }
}

extension BitMEXTicker: StateElement {
    static var blank: BitMEXTicker { BitMEXTicker() }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("rate", &rate)
        try coder.packed("nextFundingTime", &nextFundingTime)
        try coder.packed("intervalHours", &intervalHours)
        try coder.packed("openInterest", &openInterest)
        try coder.packed("markPrice", &markPrice)
    }
}
