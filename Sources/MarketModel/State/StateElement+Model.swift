extension FixedDecimal: StateElement {
    package static var blank: FixedDecimal { .zero }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("mantissa", &mantissa)
        try coder.packed("scale", &scale)
        try coder.packed("zeros", &zeros)
    }
}

extension PriceLevel: StateElement {
    package static var blank: PriceLevel { PriceLevel(price: 0, size: 0, digits: 0) }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var digits = digits
        try coder.packed("priceMantissa", &priceMantissa)
        try coder.packed("sizeMantissa", &sizeMantissa)
        try coder.packed("digits", &digits)
        self = PriceLevel(price: priceMantissa, size: sizeMantissa, digits: digits)
    }
}

extension TradeID: StateElement {
    package static var blank: TradeID { .none }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var length = length
        try coder.integer(&length)
        guard length <= TradeID.maximumLength else { throw coder.malformed("an id of \(length) bytes") }
        var bytes = withBytes { [UInt8]($0) }
        if coder.isReading { bytes = [UInt8](repeating: 0, count: Int(length)) }
        for index in bytes.indices { try coder.integer(&bytes[index]) }
        self = TradeID(bytes.span.bytes) ?? .none
    }
}

extension InstrumentIndex: StateElement {
    package static var blank: InstrumentIndex { InstrumentIndex(0) }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.integer(&value)
        guard position < coder.instrumentCount else { throw coder.malformed("no instrument \(value)") }
    }
}

extension FeedKinds: StateElement {
    package static var blank: FeedKinds { [] }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) { try coder.integer(&rawValue) }
}

extension Side: StateElement {
    package static var blank: Side { .buy }
}

extension Market: StateElement {
    package static var blank: Market { .spot }
}

extension FeedStatus.Change: StateElement {
    package static var blank: FeedStatus.Change { .live }
}

extension Trade: StateElement {
    package static var blank: Trade {
        Trade(
            instrument: .blank,
            side: .buy,
            price: .zero,
            size: .zero,
            id: .none,
            exchangeTime: 0,
            receiveTime: 0
        )
    }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("instrument", &instrument)
        try coder.packed("side", &side)
        try coder.packed("price", &price)
        try coder.packed("size", &size)
        try coder.packed("id", &id)
        try coder.packed("exchangeTime", &exchangeTime)
        try coder.packed("receiveTime", &receiveTime)
        try coder.packed("isSnapshot", &isSnapshot)
        try coder.packed("isExcluded", &isExcluded)
        try coder.packed("isAggregate", &isAggregate)
    }
}

extension Liquidation: StateElement {
    package static var blank: Liquidation {
        Liquidation(
            instrument: .blank,
            side: .buy,
            price: .zero,
            size: .zero,
            exchangeTime: 0,
            receiveTime: 0
        )
    }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("instrument", &instrument)
        try coder.packed("side", &side)
        try coder.packed("price", &price)
        try coder.packed("size", &size)
        try coder.packed("exchangeTime", &exchangeTime)
        try coder.packed("receiveTime", &receiveTime)
        try coder.packed("isSnapshot", &isSnapshot)
    }
}

extension FundingRate: StateElement {
    package static var blank: FundingRate {
        FundingRate(
            instrument: .blank,
            rate: .zero,
            nextFundingTime: nil,
            intervalHours: nil,
            exchangeTime: 0,
            receiveTime: 0
        )
    }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("instrument", &instrument)
        try coder.packed("rate", &rate)
        try coder.packed("nextFundingTime", &nextFundingTime)
        try coder.packed("intervalHours", &intervalHours)
        try coder.packed("exchangeTime", &exchangeTime)
        try coder.packed("receiveTime", &receiveTime)
    }
}

extension OpenInterest: StateElement {
    package static var blank: OpenInterest {
        OpenInterest(
            instrument: .blank,
            openInterest: .zero,
            value: nil,
            markPrice: nil,
            exchangeTime: 0,
            receiveTime: 0
        )
    }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("instrument", &instrument)
        try coder.packed("openInterest", &openInterest)
        try coder.packed("value", &value)
        try coder.packed("markPrice", &markPrice)
        try coder.packed("exchangeTime", &exchangeTime)
        try coder.packed("receiveTime", &receiveTime)
    }
}

extension Instrument: StateElement {
    package static var blank: Instrument { Instrument(exchange: "", market: .spot, symbol: "") }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("exchange", &exchange)
        try coder.packed("market", &market)
        try coder.packed("symbol", &symbol)
    }
}

extension InstrumentDefinition.Contract: StateElement {
    package static var blank: InstrumentDefinition.Contract { .spot }
}

extension InstrumentDefinition: StateElement {
    package static var blank: InstrumentDefinition { InstrumentDefinition(symbol: "") }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("symbol", &symbol)
        try coder.packed("tickSize", &tickSize)
        try coder.packed("sizeStep", &sizeStep)
        try coder.packed("minimumSize", &minimumSize)
        try coder.packed("contractSize", &contractSize)
        try coder.packed("contract", &contract)
        try coder.packed("base", &base)
        try coder.packed("quote", &quote)
        try coder.packed("status", &status)
    }
}

extension ConnectionName: StateElement {
    package static var blank: ConnectionName { ConnectionName(exchange: "", market: "", slot: "") }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("exchange", &exchange)
        try coder.packed("market", &market)
        try coder.packed("slot", &slot)
    }
}
