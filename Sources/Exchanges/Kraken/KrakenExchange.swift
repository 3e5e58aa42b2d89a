import MarketModel
import OrderBooks

extension Exchange {
    /// Kraken's WebSocket v2, public channels.
    public static let kraken = Exchange(
        name: "kraken",
        protocolID: "kraken-v2",
        markets: [.spot],
        kinds: [.book, .trades],
        bookRules: BookRules(cutsToDepth: true, hasOneTopic: true) { KrakenChecksum.of($0, &$1) },
        depths: [10, 25, 100, 500, 1000],
        capture: CaptureRules(numbersTrades: true, ping: (#"{"method":"ping"}"#, 30 * UnixTime.second)),
        definitions: KrakenDefinitions.rules,
        endpointOf: { $0 == .spot ? "wss://ws.kraken.com/v2" : nil },
        decoderFor: { KrakenDecoder(venue: $1) },
        tolerantDecoderFor: { KrakenDecoder(venue: $1, usesFastPath: false) },
        requestsFor: { KrakenRequests.requests($1) },
        timeOf: KrakenRequests.venueTime,
        symbolsOf: KrakenRequests.symbols,
        symbolOfTopic: { $0 },
        otherSpelling: { _ in nil }
    )
}

/// Subscription requests, and the time of a frame.
enum KrakenRequests {
    static let usualDepth = 10

    static func requests(_ subscriptions: [Subscription]) -> [String] {
        var requests: [String] = []
        for subscription in subscriptions {
            let symbol = "[\(subscription.symbol.jsonLiteral)]"
            if subscription.kinds.contains(.book) {
                let depth = subscription.depth ?? usualDepth
                requests.append(
                    request(#""channel":"book","symbol":\#(symbol),"depth":\#(depth),"snapshot":true"#)
                )
            }
            if subscription.kinds.contains(.trades) {
                requests.append(request(#""channel":"trade","symbol":\#(symbol),"snapshot":false"#))
            }
        }
        return requests
    }

    static func symbols(_ request: RawSpan) -> [[UInt8]] {
        guard JSONValidator.isValid(request) else { return [] }
        let root = JSONValue.root(of: request)
        guard root.member("method", in: request)?.isString("subscribe", in: request) == true else {
            return []
        }
        let parameters = root.member("params", in: request)
        return parameters?.member("symbol", in: request)?.texts(in: request) ?? []
    }

    /// The greatest `timestamp` among the entries of `data`.
    static func venueTime(_ text: RawSpan) -> Int64? {
        guard JSONValidator.isValid(text) else { return nil }
        var greatest: Int64?
        var entries = JSONValue.root(of: text).member("data", in: text)?.elements(in: text)
        while let entry = entries?.next(in: text) {
            guard let time = entry.member("timestamp", in: text)?.rfc3339(in: text) else { continue }
            greatest = max(greatest ?? time, time)
        }
        return greatest
    }

    private static func request(_ parameters: String) -> String {
        #"{"method":"subscribe","params":{\#(parameters)}}"#
    }
}
