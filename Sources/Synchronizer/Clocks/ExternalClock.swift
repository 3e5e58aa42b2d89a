import MarketModel

/// Moved by ticks: `MarketSynchronizer.begin(frame:for:)` fires those due, `tick(at:for:)`
/// explicit ones.
struct ExternalClock: SynchronizerClock {
    var drivers: FeedKinds { [] }
    var isTicked: Bool { true }
}
