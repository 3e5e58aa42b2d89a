import MarketModel

/// What the connection is subscribed to, as the last `subscriptions` message listed it.
struct CoinbaseSubscriptions {
    fileprivate struct Feed: Equatable {
        var kinds: FeedKinds
        var instrument: InstrumentIndex
    }

    private var current: [Feed] = []

    /// Applies a whole list: all it names are live, what it no longer names is unsubscribed.
    mutating func confirm(
        _ events: JSONValue?,
        in text: RawSpan,
        _ names: InstrumentNames,
        at receiveTime: Int64,
        _ batch: inout EventBatch
    ) {
        guard let list = CoinbaseSubscriptions.list(events, in: text, names, &batch.instruments)
        else { return }
        for feed in current where !list.contains(feed) {
            batch.append(.unsubscribed, feed.kinds, feed.instrument, at: receiveTime)
        }
        for feed in list { batch.append(.live, feed.kinds, feed.instrument, at: receiveTime) }
        current = list
    }

    private static func list(
        _ events: JSONValue?,
        in text: RawSpan,
        _ names: InstrumentNames,
        _ instruments: inout InstrumentTable
    ) -> [Feed]? {
        var feeds: [Feed]?
        var events = events?.elements(in: text)
        while let event = events?.next(in: text) {
            guard let channels = event.member("subscriptions", in: text) else { continue }
            feeds = feeds ?? []
            var members = channels.members(in: text)
            while let (channel, products) = members.next(in: text) {
                guard let kinds = kinds(of: channel, text) else { continue }
                var elements = products.elements(in: text)
                while let product = elements.next(in: text) {
                    let named = names.instrument(of: product, in: text, &instruments)
                    guard let instrument = named.index else { continue }
                    let feed = Feed(kinds: kinds, instrument: instrument)
                    if feeds?.contains(feed) == false { feeds?.append(feed) }
                }
            }
        }
        return feeds
    }

    private static func kinds(of channel: JSONValue, _ text: RawSpan) -> FeedKinds? {
        if channel.isString("level2", in: text) || channel.isString("l2_data", in: text) { return .book }
        return channel.isString("market_trades", in: text) ? .trades : nil
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
