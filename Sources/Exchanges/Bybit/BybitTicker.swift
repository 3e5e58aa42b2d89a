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
    /// An empty string or `null` says nothing, like an absent field: dated contracts have no funding.
    mutating func merge(_ fields: BybitTickerFields, _ text: RawSpan) -> Presence? {
        var presence = Presence()
        if let value = fields.rate {
            guard let rate = value.decimal(in: text) else { return nil }
            self.rate = rate
            presence.funding = true
        }
        if let value = fields.nextFundingTime {
            guard let time = value.milliseconds(in: text) else { return nil }
            nextFundingTime = time
            presence.funding = true
        }
        if let value = fields.intervalHours {
            guard let hours = value.magnitude(in: text) else { return nil }
            intervalHours = hours
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
            markPrice = price
        }
        return presence
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
        let isSnapshot = envelope.type?.isString("snapshot", in: text) == true
        guard isSnapshot || envelope.type?.isString("delta", in: text) == true,
            let time = batch.frameTime, let data = envelope.data,
            data.kind(in: text) == .object
        else { return batch.unreadable() }
        let fields = BybitTickerFields(data, text)
        guard let instrument = instrument(fields.symbol, envelope, topic, text, &batch) else {
            return batch.unreadable()
        }
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
