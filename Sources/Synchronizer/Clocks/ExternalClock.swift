import MarketModel

/// Moved by ticks: `MarketSynchronizer.advance(logTime:)` fires one per period of log time,
/// `tick(at:)` takes explicit times.
struct ExternalClock: SynchronizerClock {
    var drivers: FeedKinds { [] }
    var isTicked: Bool { true }
}
