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
        _ text: RawSpan,
        _ venue: VenueIndex,
        _ subscribed: SubscribedSymbols,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) {
        guard let list = CoinbaseSubscriptions.list(events, text, venue, subscribed, &batch) else { return }
        for feed in current where !list.contains(feed) {
            append(.unsubscribed, feed, receiveTime, &batch)
        }
        for feed in list { append(.live, feed, receiveTime, &batch) }
        current = list
    }

    private static func list(
        _ events: JSONValue?,
        _ text: RawSpan,
        _ venue: VenueIndex,
        _ subscribed: SubscribedSymbols,
        _ batch: inout EventBatch
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
                    let named = batch.name(product, in: text, venue: venue, within: subscribed)
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

    private func append(
        _ change: FeedStatus.Change,
        _ feed: Feed,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) {
        batch.append(
            FeedStatus(
                change,
                kinds: feed.kinds,
                instrument: feed.instrument,
                exchangeTime: batch.frameTime,
                receiveTime: receiveTime
            )
        )
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
