import Exchanges
import MarketModel
import Simulation

/// An exchange with a market and its symbols for help texts and errors, taken from the catalog.
struct HelpExample {
    let exchange: String
    let market: String
    /// Its form in `--feed` and `--venues`: `exchange/market`, or the exchange alone if it has one market.
    let venue: String
    private let symbols: [String]

    private init(_ exchange: any Exchange) {
        let market = FeedSelection.usualMarket(of: exchange)
        self.exchange = exchange.name
        self.market = market.rawValue
        venue = FeedSelection.names(of: exchange).first ?? exchange.name
        symbols = ExchangeCatalog.standard.simulatedSymbols(exchange: exchange.name, market: market)
    }

    /// The default exchange.
    static let usual = HelpExample(FeedSelection.usualExchange)
    /// An exchange with a single market.
    static let spot = HelpExample(
        ExchangeCatalog.standard.all.last { $0.markets == [.spot] } ?? FeedSelection.usualExchange
    )

    /// The usual symbol at an index.
    func symbol(_ index: Int = 0) -> String { symbols.indices.contains(index) ? symbols[index] : "" }

    /// Its most usual instrument.
    var instrument: Instrument? {
        Market(rawValue: market).map { Instrument(exchange: exchange, market: $0, symbol: symbol()) }
    }

    /// Its two most usual symbols.
    var pair: String { symbols.prefix(2).joined(separator: ",") }
}
