import MarketModel

/// How a clock mode behaves.
///
/// It is asked once, when a synchronizer is made: nothing here runs per event.
protocol SynchronizerClock: Sendable {
    /// The kinds of event whose times move the clock.
    var drivers: FeedKinds { get }
    /// Whether the clock is moved by ticks from outside, all instruments at once.
    var isTicked: Bool { get }
}
