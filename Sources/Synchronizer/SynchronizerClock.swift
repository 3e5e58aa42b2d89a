import MarketModel

/// How a clock mode behaves.
///
/// Read once, when a synchronizer is made; nothing here runs per event.
protocol SynchronizerClock: Sendable {
    /// The kinds whose event times move the clock.
    var drivers: FeedKinds { get }
    /// Whether external ticks move the clock, of all instruments at once.
    var isTicked: Bool { get }
}
