import Exchanges
import MarketModel
import Simulation

/// An exchange with a market and symbols of it, as help texts and errors show them; all out of the catalog.
struct HelpExample {
    let exchange: String
    let market: String
    /// As `--feed` and `--venues` name it: `exchange/market`, or the exchange alone where it has one market.
    let venue: String
    private let symbols: [String]

    private init(_ exchange: any Exchange) {
        let market = FeedSelection.usualMarket(of: exchange)
        self.exchange = exchange.name
        self.market = market.rawValue
        venue = FeedSelection.names(of: exchange).first ?? exchange.name
        symbols = ExchangeCatalog.standard.simulatedSymbols(exchange: exchange.name, market: market)
    }

    /// The exchange that is meant where none is named.
    static let usual = HelpExample(FeedSelection.usualExchange)
    /// One that has a single market.
    static let spot = HelpExample(
        ExchangeCatalog.standard.all.last { $0.markets == [.spot] } ?? FeedSelection.usualExchange
    )

    /// The symbol of that place among the usual ones.
    func symbol(_ index: Int = 0) -> String { symbols.indices.contains(index) ? symbols[index] : "" }

    /// Its most usual instrument.
    var instrument: Instrument? {
        Market(rawValue: market).map { Instrument(exchange: exchange, market: $0, symbol: symbol()) }
    }

    /// Its two most usual symbols.
    var pair: String { symbols.prefix(2).joined(separator: ",") }
}
