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
        subscriptions: BybitRequests.rules,
        definitions: BybitDefinitions.rules,
        endpointOf: { "wss://stream.bybit.com/v5/public/\($0.rawValue)" },
        decoderFor: { BybitDecoder(market: $0, venue: $1) },
        tolerantDecoderFor: { BybitDecoder(market: $0, venue: $1, usesFastPath: false) },
        timeOf: { text in
            guard JSONValidator.isValid(text) else { return nil }
            return JSONValue.root(of: text).member("ts", in: text)?.milliseconds(in: text)
        },
        symbolsOf: BybitRequests.symbols,
        symbolOfTopic: BybitTopic.symbol,
        otherSpelling: { _ in nil }
    )
}
