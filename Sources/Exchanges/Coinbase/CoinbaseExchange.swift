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
        subscriptions: CoinbaseRequests.rules,
        definitions: CoinbaseDefinitions.rules,
        endpointOf: { $0 == .spot ? "wss://advanced-trade-ws.coinbase.com" : nil },
        decoderFor: { CoinbaseDecoder(venue: $1) },
        tolerantDecoderFor: { CoinbaseDecoder(venue: $1, usesFastPath: false) },
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
