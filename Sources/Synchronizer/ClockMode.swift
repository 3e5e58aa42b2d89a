import MarketModel

/// What drives the clock: the events or ticks whose times close rows.
public enum ClockMode: String, CaseIterable, Sendable {
    /// The times of the instrument's book messages.
    case orderbookDriven = "orderbook-driven"
    /// Trade times.
    case tradeDriven = "trade-driven"
    /// Liquidation times.
    case liquidationDriven = "liquidation-driven"
    /// Ticks: one per period of log time, or at given times.
    case external = "external"

    /// The clock of this mode; the only switch over modes.
    var clock: any SynchronizerClock {
        switch self {
        case .orderbookDriven: OrderbookDrivenClock()
        case .tradeDriven: TradeDrivenClock()
        case .liquidationDriven: LiquidationDrivenClock()
        case .external: ExternalClock()
        }
    }
}
