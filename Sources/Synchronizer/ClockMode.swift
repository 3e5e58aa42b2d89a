import MarketModel

/// What drives the clock: the events or ticks whose times close rows.
public enum ClockMode: String, CaseIterable, Sendable {
    /// The times of the instrument's book messages, whatever they change and whatever the book's state.
    case orderbookDriven = "orderbook-driven"
    /// Trade times: not of duplicates, nor of the lists that venues send on subscribing.
    case tradeDriven = "trade-driven"
    /// Liquidation times.
    case liquidationDriven = "liquidation-driven"
    /// Ticks: one per period of log time, or at given times.
    case external = "external"

    /// The kinds whose event times move the clock, and whether ticks do, of all instruments at once.
    var movers: (drivers: FeedKinds, isTicked: Bool) {
        switch self {
        case .orderbookDriven: (.book, false)
        case .tradeDriven: (.trades, false)
        case .liquidationDriven: (.liquidations, false)
        case .external: ([], true)
        }
    }
}
