public import Exchanges
import MarketModel
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

#if TLS
import NIOSSL
#endif

/// How a fake exchange behaves.
public struct FakeExchangeOptions: Sendable {
    /// The exchange it plays.
    public let exchange: String
    /// The market it plays.
    public let market: String
    let catalog: ExchangeCatalog
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// The port; 0 takes a free one.
    public var port = 0
    /// The speed relative to the recording; nil = as fast as the client reads.
    public var speed: Double? = 1
    /// Whether a new connection continues where the last one stopped instead of at the beginning.
    public var resumes = false
    /// Whether a connection is closed, with code 1000, when the source is played to its end.
    public var closesAtEnd = false
    /// The faults.
    public var faults: [ServedFault] = []
    /// The instrument definitions it serves; nil = none.
    public var definitions: ServedDefinitions?
    /// The depths of its books; nil accepts any.
    ///
    /// Other depths are refused in the venue's words.
    public var depths: Set<Int>?
    /// The most connections at a time; more wait.
    public var connectionLimit = 1_000
    /// A connection whose request is incomplete after this time (nanoseconds) is closed.
    public var requestPatience: Int64 = 10_000_000_000
    /// PEM files for `wss://`; nil serves `ws://`.
    public var certificate: (chain: String, key: String)?

    /// Plays an exchange's market.
    public init(exchange: String, market: String, catalog: ExchangeCatalog = .standard) {
        (self.exchange, self.market, self.catalog) = (exchange, market, catalog)
    }

    /// Makes options for an exchange and market; throws on an unknown exchange.
    func venue() throws(FakeExchangeError) -> (exchange: any Exchange, market: Market) {
        guard let found = catalog.named(exchange), let market = Market(rawValue: market) else {
            let known = catalog.all.map(\.name).joined(separator: ", ")
            throw .cannotServe("nobody knows how \(exchange)/\(market) speaks (known exchanges: \(known))")
        }
        return (found, market)
    }
}
