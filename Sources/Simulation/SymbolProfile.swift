public import MarketModel

/// What a simulated symbol looks like: how its numbers are written, where it trades, how busy it is.
///
/// Figures are of the order seen at the venues in 2026; they are not claims about any day.
public struct SymbolProfile: Sendable, Equatable {
    /// The symbol as on the wire.
    public var symbol: String
    /// Fraction digits of prices.
    public var priceDecimals: Int
    /// The tick, in units of the last fraction digit.
    public var tick: Int64
    /// Fraction digits of sizes.
    public var sizeDecimals: Int
    /// The first price, in ticks.
    public var startTicks: Int64
    /// The mean size of a level near the top, in units of the last fraction digit.
    public var levelSize: Int64
    /// Ticks between levels away from the top, in the mean.
    public var gap: Double
    /// Ticks between the best bid and ask, in the mean; 1 or more.
    public var spread: Double
    /// The standard deviation of a year's returns, as a fraction of the price.
    public var volatility: Double
    /// Book changes a second, in the long run.
    public var bookRate: Double
    /// Market orders a second, in the long run.
    public var tradeRate: Double

    /// Makes a profile.
    public init(
        _ symbol: String,
        priceDecimals: Int,
        tick: Int64,
        sizeDecimals: Int,
        startTicks: Int64,
        levelSize: Int64,
        gap: Double,
        spread: Double = 1,
        volatility: Double = 0.5,
        bookRate: Double,
        tradeRate: Double
    ) {
        self.symbol = symbol
        self.priceDecimals = priceDecimals
        self.tick = tick
        self.sizeDecimals = sizeDecimals
        self.startTicks = startTicks
        self.levelSize = levelSize
        self.gap = gap
        self.spread = spread
        self.volatility = volatility
        self.bookRate = bookRate
        self.tradeRate = tradeRate
    }

    /// The symbols known of an exchange's market; the first are its usual ones.
    public static func known(exchange: String, market: Market) -> [SymbolProfile] {
        switch (exchange, market) {
        case ("bybit", .linear): bybitLinear
        case ("bybit", .inverse): bybitInverse
        case ("bybit", .spot): bybitSpot
        case ("coinbase", .spot): coinbase
        case ("kraken", .spot): kraken
        default: []
        }
    }

    private static func line(
        _ symbol: String,
        _ written: (decimals: Int, tick: Int64, sizeDecimals: Int),
        _ start: Int64,
        _ size: Int64,
        _ looks: (gap: Double, spread: Double, volatility: Double),
        _ rates: (book: Double, trade: Double)
    ) -> SymbolProfile {
        SymbolProfile(
            symbol,
            priceDecimals: written.decimals,
            tick: written.tick,
            sizeDecimals: written.sizeDecimals,
            startTicks: start,
            levelSize: size,
            gap: looks.gap,
            spread: looks.spread,
            volatility: looks.volatility,
            bookRate: rates.book,
            tradeRate: rates.trade
        )
    }

    private static let bybitLinear = [
        line("BTCUSDT", (2, 10, 3), 652_300, 4_000, (3, 1, 0.45), (18, 4)),
        line("ETHUSDT", (2, 1, 2), 191_640, 8_000, (2, 1, 0.6), (16, 3)),
        line("SOLUSDT", (3, 10, 1), 8_412, 30_000, (1.1, 1, 0.7), (12, 1.5)),
        line("XRPUSDT", (4, 1, 0), 12_483, 60_000, (1.05, 1, 0.7), (10, 1)),
        line("DOGEUSDT", (5, 1, 0), 9_124, 500_000, (1.1, 1, 0.8), (10, 0.8)),
    ]
    private static let bybitInverse = [
        line("BTCUSD", (2, 50, 0), 130_460, 300_000, (1.3, 1, 0.45), (12, 1)),
        line("ETHUSD", (2, 5, 0), 38_330, 90_000, (1.5, 1, 0.6), (10, 0.7)),
    ]
    private static let bybitSpot = [
        line("BTCUSDT", (1, 1, 6), 652_295, 60_000, (6, 1, 0.45), (18, 5)),
        line("ETHUSDT", (2, 1, 5), 191_650, 240_000, (3, 1, 0.6), (14, 3)),
        line("SOLUSDT", (2, 1, 3), 8_413, 220_000, (1.1, 1, 0.7), (10, 1)),
    ]
    private static let coinbase = [
        line("BTC-USD", (2, 1, 8), 6_523_110, 9_000_000, (34, 1, 0.45), (18, 5)),
        line("ETH-USD", (2, 1, 8), 191_650, 250_000_000, (2.2, 4.5, 0.6), (16, 3)),
        line("SOL-USD", (2, 1, 8), 8_413, 9_000_000_000, (1.2, 1.2, 0.7), (10, 1)),
    ]
    private static let kraken = [
        line("BTC/USD", (1, 1, 8), 652_334, 150_000_000, (5, 1, 0.45), (14, 0.8)),
        line("ETH/USD", (2, 1, 8), 191_651, 1_200_000_000, (4, 1.6, 0.6), (12, 0.6)),
        line("SOL/USD", (2, 1, 8), 8_412, 9_000_000_000, (1.4, 1.2, 0.7), (10, 0.5)),
        line("XRP/USD", (5, 1, 8), 124_835, 300_000_000_000, (3, 2, 0.7), (8, 0.4)),
    ]
}
