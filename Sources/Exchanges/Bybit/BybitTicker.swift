import MarketModel

/// The merged state of one ticker: deltas carry only what changed.
struct BybitTicker {
    var rate: FixedDecimal?
    var nextFundingTime: Int64?
    var intervalHours: FixedDecimal?
    var openInterest: FixedDecimal?
    var openInterestValue: FixedDecimal?
    var markPrice: FixedDecimal?

    /// Whether a message had one of the funding fields, and one of the interest fields.
    struct Presence {
        var funding = false
        var interest = false
        /// On the fast path: the lengths of the keys read, a bit each.
        var lengths: UInt32 = 0
    }

    /// Takes the fields a message has; nil, and a state to be thrown away, if one is malformed.
    ///
    /// An empty string or `null` says nothing, like an absent field: dated contracts have no funding. An empty or zero
    /// time of the next settlement, or interval, says that there is none, and so does a mark price of zero.
    mutating func merge(_ fields: BybitTickerFields, _ text: RawSpan) -> Presence? {
        var presence = Presence()
        if let value = fields.rate {
            guard let rate = value.decimal(in: text) else { return nil }
            self.rate = rate
            presence.funding = true
        }
        if let value = fields.nextFundingTime {
            guard let time = value.timeOrNone(in: text) else { return nil }
            nextFundingTime = time.value
            presence.funding = true
        }
        if let value = fields.intervalHours {
            guard let hours = value.magnitudeOrNone(in: text) else { return nil }
            intervalHours = hours.isZero ? nil : hours
            presence.funding = true
        }
        if let value = fields.openInterest {
            guard let interest = value.magnitude(in: text) else { return nil }
            openInterest = interest
            presence.interest = true
        }
        if let value = fields.openInterestValue {
            guard let worth = value.magnitude(in: text) else { return nil }
            openInterestValue = worth
            presence.interest = true
        }
        if let value = fields.markPrice {
            guard let price = value.magnitude(in: text) else { return nil }
            markPrice = price.isZero ? nil : price
        }
        return presence
    }
}

extension JSONValue {
    /// Whether it is an empty string or `null`.
    func isNothing(in text: RawSpan) -> Bool { kind(in: text) == .null || isString("", in: text) }

    /// A time in milliseconds as nanoseconds, none where it is zero or nothing; nil if it is malformed.
    fileprivate func timeOrNone(in text: RawSpan) -> (value: Int64?, Void)? {
        if isNothing(in: text) { return (nil, ()) }
        guard let time = milliseconds(in: text), time >= 0 else { return nil }
        return (time == 0 ? nil : time, ())
    }

    /// A decimal that is not negative, zero where it is nothing; nil if it is malformed.
    fileprivate func magnitudeOrNone(in text: RawSpan) -> FixedDecimal? {
        isNothing(in: text) ? .zero : magnitude(in: text)
    }
}

extension BybitDecoder {
    mutating func decodeTicker(
        _ envelope: BybitEnvelope,
        _ topic: BybitTopic,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let fields = BybitTickerFields(envelope.data, text)
        let named = instrument(fields.symbol, envelope, topic, text, &batch)
        if named.isUnsubscribed { return batch.unsubscribed() }
        let isSnapshot = envelope.type?.isString("snapshot", in: text) == true
        guard isSnapshot || envelope.type?.isString("delta", in: text) == true,
            let time = batch.frameTime, envelope.data?.kind(in: text) == .object,
            let instrument = named.index
        else { return batch.unreadable() }
        while tickers.count <= instrument.position { tickers.append(BybitTicker()) }
        var ticker = isSnapshot ? BybitTicker() : tickers[instrument.position]
        guard let presence = ticker.merge(fields, text) else {
            // A frame of both feeds all the same.
            batch.live(FeedKinds.fundingRates.union(.openInterest), instrument, at: receiveTime)
            return batch.unreadable()
        }
        tickers[instrument.position] = ticker
        emit(ticker, presence, instrument, time, receiveTime, &batch)
        return .decoded
    }

    func emit(
        _ ticker: BybitTicker,
        _ presence: BybitTicker.Presence,
        _ instrument: InstrumentIndex,
        _ time: Int64,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) {
        var silent: FeedKinds = []
        if presence.funding, let rate = ticker.rate {
            batch.append(
                FundingRate(
                    instrument: instrument,
                    rate: rate,
                    nextFundingTime: ticker.nextFundingTime,
                    intervalHours: ticker.intervalHours,
                    exchangeTime: time,
                    receiveTime: receiveTime
                )
            )
        } else {
            silent.insert(.fundingRates)
        }
        if presence.interest, let interest = ticker.openInterest {
            batch.append(
                OpenInterest(
                    instrument: instrument,
                    openInterest: interest,
                    value: ticker.openInterestValue,
                    markPrice: ticker.markPrice,
                    exchangeTime: time,
                    receiveTime: receiveTime
                )
            )
        } else {
            silent.insert(.openInterest)
        }
        if !silent.isEmpty { batch.live(silent, instrument, at: receiveTime) }
    }
}
