import MarketModel
import OrderBooks

extension Exchange {
    /// Coinbase Advanced Trade, public channels.
    public static let coinbase = Exchange(
        name: "coinbase",
        protocolID: "coinbase-adv-v3",
        markets: [.spot],
        kinds: [.book, .trades],
        bookRules: BookRules(),
        depths: [],
        capture: CaptureRules(recovery: .reconnect),
        definitions: CoinbaseDefinitions.rules,
        endpointOf: { $0 == .spot ? "wss://advanced-trade-ws.coinbase.com" : nil },
        decoderFor: { CoinbaseDecoder(venue: $1) },
        tolerantDecoderFor: { CoinbaseDecoder(venue: $1, usesFastPath: false) },
        requestsFor: { CoinbaseRequests.requests($1) },
        timeOf: { text in
            guard JSONValidator.isValid(text) else { return nil }
            return JSONValue.root(of: text).member("timestamp", in: text)?.rfc3339(in: text)
        },
        symbolsOf: CoinbaseRequests.symbols,
        symbolOfTopic: { $0 },
        // Products in USDC are traded in the book of those in USD, and come back by that name.
        otherSpelling: { $0.suffix(5).elementsEqual("-USDC".utf8) ? $0.dropLast() : nil }
    )
}

/// Subscription requests: one a channel.
enum CoinbaseRequests {
    static func requests(_ subscriptions: [Subscription]) -> [String] {
        // Without heartbeats the venue closes quiet channels.
        [
            request("heartbeats", products(subscriptions, .all)),
            request("level2", products(subscriptions, .book)),
            request("market_trades", products(subscriptions, .trades)),
        ].compactMap(\.self)
    }

    static func symbols(_ request: RawSpan) -> [[UInt8]] {
        guard JSONValidator.isValid(request) else { return [] }
        let root = JSONValue.root(of: request)
        guard root.member("type", in: request)?.isString("subscribe", in: request) == true else { return [] }
        return ["product_ids", "product_id"].flatMap {
            root.member($0, in: request)?.texts(in: request) ?? []
        }
    }

    private static func products(_ subscriptions: [Subscription], _ kinds: FeedKinds) -> [String] {
        var products: [String] = []
        for subscription in subscriptions
        where !subscription.kinds.isDisjoint(with: kinds) && !products.contains(subscription.symbol) {
            products.append(subscription.symbol)
        }
        return products
    }

    private static func request(_ channel: String, _ products: [String]) -> String? {
        guard !products.isEmpty else { return nil }
        let list = products.map(\.jsonLiteral).joined(separator: ",")
        return #"{"type":"subscribe","product_ids":[\#(list)],"channel":"\#(channel)"}"#
    }
}
