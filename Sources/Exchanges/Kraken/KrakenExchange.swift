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
        subscriptions: KrakenRequests.rules,
        definitions: KrakenDefinitions.rules,
        endpointOf: { $0 == .spot ? "wss://ws.kraken.com/v2" : nil },
        decoderFor: { KrakenDecoder(venue: $1) },
        tolerantDecoderFor: { KrakenDecoder(venue: $1, usesFastPath: false) },
        timeOf: KrakenRequests.venueTime,
        symbolsOf: KrakenRequests.symbols,
        symbolOfTopic: { $0 },
        otherSpelling: { _ in nil }
    )
}
