import MarketModel

/// What the connection is subscribed to, as the last `subscriptions` message listed it.
struct CoinbaseSubscriptions {
    fileprivate struct Feed: Equatable {
        var kinds: FeedKinds
        var instrument: InstrumentIndex
    }

    private var current: [Feed] = []

    /// Applies the whole list of a message: all it names are live, what it no longer names is unsubscribed.
    mutating func confirm(
        _ message: JSONValue,
        in text: RawSpan,
        _ names: InstrumentNames,
        at receiveTime: Int64,
        _ batch: inout EventBatch
    ) {
        var list: [Feed] = []
        let isList = Coinbase.readSubscriptions(message, in: text) { kinds, products in
            var elements = products.elements(in: text)
            while !kinds.isEmpty, let product = elements.next(in: text) {
                let named = names.instrument(of: product, in: text, &batch.instruments)
                guard let instrument = named.index else { continue }
                let feed = Feed(kinds: kinds, instrument: instrument)
                if !list.contains(feed) { list.append(feed) }
            }
        }
        guard isList else { return }
        for feed in current where !list.contains(feed) {
            batch.append(.unsubscribed, feed.kinds, feed.instrument, at: receiveTime)
        }
        for feed in list { batch.append(.live, feed.kinds, feed.instrument, at: receiveTime) }
        current = list
    }
}

extension CoinbaseSubscriptions: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) { try coder.field("current", &current) }
}

extension CoinbaseSubscriptions.Feed: StateElement {
    static var blank: Self { Self(kinds: [], instrument: .blank) }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("kinds", &kinds)
        try coder.packed("instrument", &instrument)
    }
}
