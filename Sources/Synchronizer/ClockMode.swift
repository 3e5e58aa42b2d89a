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

/// How a clock mode behaves.
///
/// It is asked once, when a synchronizer is made: nothing here runs per event.
protocol SynchronizerClock: Sendable {
    /// The kinds of event whose times move the clock.
    var drivers: FeedKinds { get }
    /// Whether the clock is moved by ticks from outside, all instruments at once.
    var isTicked: Bool { get }
}
