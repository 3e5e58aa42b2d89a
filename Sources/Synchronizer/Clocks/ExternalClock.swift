import MarketModel

/// Moved by ticks: `MarketSynchronizer.begin(frame:books:into:)` fires those due, `tick(at:books:into:)`
/// explicit ones.
struct ExternalClock: SynchronizerClock {
    var drivers: FeedKinds { [] }
    var isTicked: Bool { true }
}
