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
    }

    /// Takes the fields a message has; nil, and a state to be thrown away, if one is malformed.
    ///
    /// An empty string or `null` says nothing, like an absent field: dated contracts have no funding.
    mutating func merge(_ data: JSONValue, _ text: RawSpan) -> Presence? {
        var presence = Presence()
        var members = data.members(in: text)
        while let (key, value) = members.next(in: text) {
            if value.kind(in: text) == .null || value.isString("", in: text) { continue }
            if key.isString("fundingRate", in: text) {
                guard let rate = value.decimal(in: text) else { return nil }
                self.rate = rate
                presence.funding = true
            } else if key.isString("nextFundingTime", in: text) {
                guard let time = value.milliseconds(in: text) else { return nil }
                nextFundingTime = time
                presence.funding = true
            } else if key.isString("fundingIntervalHour", in: text) {
                guard let hours = value.magnitude(in: text) else { return nil }
                intervalHours = hours
                presence.funding = true
            } else if key.isString("openInterest", in: text) {
                guard let interest = value.magnitude(in: text) else { return nil }
                openInterest = interest
                presence.interest = true
            } else if key.isString("openInterestValue", in: text) {
                guard let worth = value.magnitude(in: text) else { return nil }
                openInterestValue = worth
                presence.interest = true
            } else if key.isString("markPrice", in: text) {
                guard let price = value.magnitude(in: text) else { return nil }
                markPrice = price
            }
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
            let time = batch.frameTime, let data = envelope.data, data.kind(in: text) == .object,
            let instrument = instrument(
                data.member("symbol", in: text),
                envelope,
                topic,
                text,
                &batch
            )
        else { return batch.unreadable() }
        while tickers.count <= instrument.position { tickers.append(BybitTicker()) }
        var ticker = isSnapshot ? BybitTicker() : tickers[instrument.position]
        guard let presence = ticker.merge(data, text) else { return batch.unreadable() }
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
