import MarketModel

/// Moved by trades: not by duplicates, nor by the lists that venues send on subscribing.
struct TradeDrivenClock: SynchronizerClock {
    var drivers: FeedKinds { .trades }
    var isTicked: Bool { false }
}
