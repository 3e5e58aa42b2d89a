import MarketModel

/// The merged state of one ticker: deltas carry only what changed.
struct BybitTicker {
    var rate: FixedDecimal?
    var nextFundingTime: Int64?
    var intervalHours: FixedDecimal?
    var openInterest: FixedDecimal?
    var openInterestValue: FixedDecimal?
    var markPrice: FixedDecimal?

    /// Merges the fields that a message gives; a mark price of zero says that there is none, and so does an empty
    /// or zero time of the next settlement, or interval.
    mutating func merge(_ fields: BybitTickerFields) {
        if fields.has(.rate) { rate = fields.rate }
        if fields.has(.nextFundingTime) {
            nextFundingTime = fields.nextFundingTime == 0 ? nil : fields.nextFundingTime
        }
        if fields.has(.intervalHours) {
            intervalHours = fields.intervalHours.isZero ? nil : fields.intervalHours
        }
        if fields.has(.openInterest) { openInterest = fields.openInterest }
        if fields.has(.openInterestValue) { openInterestValue = fields.openInterestValue }
        if fields.has(.markPrice) { markPrice = fields.markPrice.isZero ? nil : fields.markPrice }
    }
}

extension BybitDecoder {
    /// Tickers of linear and inverse markets: `{"topic":"tickers.SOLUSDT","type":"delta","data":{"symbol":"SOLUSDT",
    /// "ask1Price":"77.310",…},"cs":…,"ts":…}`.
    @inline(never)
    mutating func readTicker<Reader>(
        _ message: inout BybitMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let isSnapshot = message.readType()
        let scope = message.reader.enter(#","data":"#)
        let isObject = message.reader.isInObject
        let named = instrument(#"{"symbol":""#, isEmptyNone: true, &message, &batch)
        var fields = BybitTickerFields()
        var members = message.reader.members()
        while let key = message.reader.next(&members) { fields.read(key, &message.reader) }
        message.reader.leave(scope)
        message.reader.skip(#","cs":"#)
        let time = message.reader.milliseconds(#","ts":"#).value
        message.reader.end("}")
        batch.frameTime = time
        if named.isUnsubscribed { return batch.countUnsubscribedFrame() }
        guard let isSnapshot, let time, isObject, let instrument = named.index, message.reader.isComplete
        else { return batch.countUnreadableFrame() }
        while tickers.count <= instrument.position { tickers.append(BybitTicker()) }
        guard !fields.areMalformed else {
            // A frame of both feeds all the same.
            batch.append(.live, BybitTickerFields.feeds, instrument, at: message.receiveTime)
            return batch.countUnreadableFrame()
        }
        if isSnapshot { tickers[instrument.position] = BybitTicker() }
        // Most deltas are of best prices alone.
        guard isSnapshot || !fields.areEmpty else {
            batch.append(.live, BybitTickerFields.feeds, instrument, at: message.receiveTime)
            return .decoded
        }
        tickers[instrument.position].merge(fields)
        append(tickers[instrument.position], fields, instrument, time, message.receiveTime, &batch)
        return .decoded
    }

    /// Appends what a message says of funding and of open interest, once all of it is known.
    private func append(
        _ ticker: BybitTicker,
        _ fields: BybitTickerFields,
        _ instrument: InstrumentIndex,
        _ time: Int64,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) {
        var silent: FeedKinds = []
        if fields.concernFunding, let rate = ticker.rate {
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
        if fields.concernInterest, let interest = ticker.openInterest {
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
        if !silent.isEmpty { batch.append(.live, silent, instrument, at: receiveTime) }
    }
}

extension BybitTicker: StateElement {
    static var blank: BybitTicker { BybitTicker() }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("rate", &rate)
        try coder.packed("nextFundingTime", &nextFundingTime)
        try coder.packed("intervalHours", &intervalHours)
        try coder.packed("openInterest", &openInterest)
        try coder.packed("openInterestValue", &openInterestValue)
        try coder.packed("markPrice", &markPrice)
    }
}
