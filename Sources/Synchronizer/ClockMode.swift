import MarketModel

/// What moves the synchronizer's clock.
public enum ClockMode: String, CaseIterable, Sendable {
    /// Book update times of the instrument.
    case orderbookDriven = "orderbook-driven"
    /// Trade times.
    case tradeDriven = "trade-driven"
    /// Liquidation times.
    case liquidationDriven = "liquidation-driven"
    /// Ticks: one per period of log time, or the times given.
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
