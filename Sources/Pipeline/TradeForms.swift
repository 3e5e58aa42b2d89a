import MarketModel

/// Which form of trades feeds the rows of each instrument of a session: one by one, or summed up.
///
/// That of its first trade; counted twice, volumes would be too.
struct TradeForms: Sendable {
    /// By instrument: 0 before its first trade, 1 one by one, 2 summed up.
    private var forms: [UInt8] = []

    /// Whether a trade is of the form that feeds rows.
    mutating func choose(_ trade: Trade) -> Bool {
        let (index, form): (Int, UInt8) = (trade.instrument.position, trade.isAggregate ? 2 : 1)
        while forms.count <= index { forms.append(0) }
        if forms[index] == 0 { forms[index] = form }
        return forms[index] == form
    }
}

extension TradeForms: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) { try coder.field("forms", &forms) }
}
