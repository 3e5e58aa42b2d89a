/// A list of exchanges, in the order of their names.
///
/// To add one: a folder as `ADDING.md` describes it, and its value in ``standard``.
public struct ExchangeCatalog: Sendable {
    /// All of them.
    public let all: [any Exchange]

    /// The exchanges of this package.
    public static let standard = ExchangeCatalog([
        Binance(), Binance(isUS: true), Bitfinex(), BitMEX(), Bybit(), Coinbase(), Deribit(), Hyperliquid(),
        Kraken(), KrakenFutures(), OKX(),
    ])

    /// The exchange that is meant where none is named.
    public static let usual: any Exchange = Bybit()

    /// Lists exchanges; of equal names the first is found.
    public init(_ all: [any Exchange]) { self.all = all }

    /// The exchange of a name; nil if there is none.
    public func named(_ name: String) -> (any Exchange)? { all.first { $0.name == name } }

    /// The exchange whose decoder reads a protocol; nil if there is none.
    public func exchange(forProtocol protocolID: String) -> (any Exchange)? {
        all.first { $0.protocolID == protocolID }
    }
}
