import MarketModel

/// Moved by every book message, whatever it changes and whatever the book's state.
struct OrderbookDrivenClock: SynchronizerClock {
    var drivers: FeedKinds { .book }
    var isTicked: Bool { false }
}
