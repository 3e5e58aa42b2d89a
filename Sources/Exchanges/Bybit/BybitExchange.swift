import MarketModel
import OrderBooks

extension Exchange {
    /// Bybit v5, public channels of spot, linear and inverse.
    public static let bybit = Exchange(
        name: "bybit",
        protocolID: "bybit-v5",
        markets: [.spot, .linear, .inverse],
        kinds: .all,
        bookRules: BookRules(numbersRiseByOne: true),
        depths: [1, 50, 200, 1000],
        // The venue takes 21,000 characters of arguments a connection.
        capture: CaptureRules(requestLimit: 21_000, ping: (#"{"op":"ping"}"#, 20 * UnixTime.second)),
        definitions: BybitDefinitions.rules,
        endpointOf: { "wss://stream.bybit.com/v5/public/\($0.rawValue)" },
        decoderFor: { BybitDecoder(market: $0, venue: $1) },
        tolerantDecoderFor: { BybitDecoder(market: $0, venue: $1, usesFastPath: false) },
        requestsFor: BybitRequests.requests,
        timeOf: { text in
            guard JSONValidator.isValid(text) else { return nil }
            return JSONValue.root(of: text).member("ts", in: text)?.milliseconds(in: text)
        },
        symbolsOf: BybitRequests.symbols,
        symbolOfTopic: BybitTopic.symbol,
        otherSpelling: { _ in nil }
    )
}

/// Subscription requests.
enum BybitRequests {
    /// Spot refuses a request with more arguments; the other markets are given no more either.
    static let argumentsPerRequest = 10

    static func requests(_ market: Market, _ subscriptions: [Subscription]) -> [String] {
        var topics: [String] = []
        for subscription in subscriptions {
            for topic in self.topics(subscription, market) where !topics.contains(topic) {
                topics.append(topic)
            }
        }
        return stride(from: 0, to: topics.count, by: argumentsPerRequest).map { start in
            let part = topics[start..<min(start + argumentsPerRequest, topics.count)]
            let list = part.map(\.jsonLiteral).joined(separator: ",")
            return #"{"op":"subscribe","args":[\#(list)]}"#
        }
    }

    static func symbols(_ request: RawSpan) -> [[UInt8]] {
        guard JSONValidator.isValid(request) else { return [] }
        let root = JSONValue.root(of: request)
        guard root.member("op", in: request)?.isString("subscribe", in: request) == true else { return [] }
        return (root.member("args", in: request)?.texts(in: request) ?? []).compactMap(BybitTopic.symbol)
    }

    private static func topics(_ subscription: Subscription, _ market: Market) -> [String] {
        var topics: [String] = []
        let symbol = subscription.symbol
        if subscription.kinds.contains(.book) {
            topics.append("orderbook.\(subscription.depth ?? 200).\(symbol)")
        }
        if subscription.kinds.contains(.trades) { topics.append("publicTrade.\(symbol)") }
        guard market != .spot else { return topics }
        if subscription.kinds.contains(.liquidations) { topics.append("allLiquidation.\(symbol)") }
        if !subscription.kinds.isDisjoint(with: [.fundingRates, .openInterest]) {
            topics.append("tickers.\(symbol)")
        }
        return topics
    }
}
