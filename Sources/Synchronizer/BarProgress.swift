import MarketModel

/// Progress of an instrument's open bar towards its threshold.
struct BarProgress: Sendable {
    private var count = 0
    private var sum = ExactTotal()

    /// Adds a trade; true if the bar reaches its threshold.
    ///
    /// On inverse markets the size is quote: notional = size, volume = size / price rounded down to 24
    /// fraction digits, so that a bar of n trades is at most n·10⁻²⁴ base short of the exact quotient.
    mutating func advance(_ bars: Bars, with trade: borrowing some FlowEvent, isInverse: Bool) -> Bool {
        switch bars {
        case .tick(let threshold):
            count += 1
            return count >= threshold
        case .volume(let threshold):
            sum.add(isInverse ? ExactTotal(trade.size, over: trade.price) : ExactTotal(trade.size))
            return sum >= ExactTotal(threshold)
        case .notional(let threshold):
            sum.add(isInverse ? ExactTotal(trade.size) : ExactTotal(trade.price, times: trade.size))
            return sum >= ExactTotal(threshold)
        }
    }

    mutating func restart() { self = BarProgress() }
}

extension BarProgress: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("count", &count)
        try coder.field("sum", &sum)
    }
}
