import MarketModel

/// Moved by liquidations.
struct LiquidationDrivenClock: SynchronizerClock {
    var drivers: FeedKinds { .liquidations }
    var isTicked: Bool { false }
}
