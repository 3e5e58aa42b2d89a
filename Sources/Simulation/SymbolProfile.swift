public import MarketModel

/// What a simulated symbol looks like: how its numbers are written, where it trades, how busy it is.
///
/// Figures are of the order seen at the venues in 2026; they are not claims about any day.
public struct SymbolProfile: Sendable, Equatable {
    /// The symbol as on the wire.
    public var symbol: String
    /// Fraction digits of prices.
    public var pricePlaces: Int
    /// The tick, in units of the last fraction digit.
    public var tick: Int64
    /// Fraction digits of sizes.
    public var sizePlaces: Int
    /// The first price, in ticks.
    public var startTicks: Int64
    /// The mean size of a level near the top, in units of the last fraction digit.
    public var levelSize: Int64
    /// Ticks between levels away from the top, in the mean.
    public var gap: Double
    /// Book changes a second, in the long run.
    public var bookRate: Double
    /// Market orders a second, in the long run.
    public var tradeRate: Double

    /// Makes a profile.
    public init(
        _ symbol: String,
        pricePlaces: Int,
        tick: Int64,
        sizePlaces: Int,
        startTicks: Int64,
        levelSize: Int64,
        gap: Double,
        bookRate: Double,
        tradeRate: Double
    ) {
        self.symbol = symbol
        self.pricePlaces = pricePlaces
        self.tick = tick
        self.sizePlaces = sizePlaces
        self.startTicks = startTicks
        self.levelSize = levelSize
        self.gap = gap
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
        _ written: (places: Int, tick: Int64, sizePlaces: Int),
        _ start: Int64,
        _ size: Int64,
        _ gap: Double,
        _ rates: (book: Double, trade: Double)
    ) -> SymbolProfile {
        SymbolProfile(
            symbol,
            pricePlaces: written.places,
            tick: written.tick,
            sizePlaces: written.sizePlaces,
            startTicks: start,
            levelSize: size,
            gap: gap,
            bookRate: rates.book,
            tradeRate: rates.trade
        )
    }

    private static let bybitLinear = [
        line("BTCUSDT", (2, 10, 3), 652_300, 900, 3, (18, 4)),
        line("ETHUSDT", (2, 1, 2), 341_240, 1_400, 2, (16, 3)),
        line("SOLUSDT", (2, 1, 1), 14_120, 3_000, 1.1, (12, 1.5)),
        line("XRPUSDT", (4, 1, 0), 5_241, 18_000, 1.05, (10, 1)),
        line("DOGEUSDT", (5, 1, 0), 9_124, 60_000, 1.1, (10, 0.8)),
    ]
    private static let bybitInverse = [
        line("BTCUSD", (2, 50, 0), 130_460, 40_000, 1.3, (12, 1)),
        line("ETHUSD", (2, 5, 0), 68_250, 30_000, 1.5, (10, 0.7)),
    ]
    private static let bybitSpot = [
        line("BTCUSDT", (2, 1, 6), 6_522_950, 160_000, 14, (18, 5)),
        line("ETHUSDT", (2, 1, 5), 341_250, 240_000, 3, (14, 3)),
        line("SOLUSDT", (2, 1, 3), 14_121, 220_000, 1.1, (10, 1)),
    ]
    private static let coinbase = [
        line("BTC-USD", (2, 1, 8), 6_523_110, 9_000_000, 40, (20, 3)),
        line("ETH-USD", (2, 1, 8), 341_250, 90_000_000, 8, (16, 2)),
        line("SOL-USD", (2, 1, 8), 14_121, 4_000_000_000, 1.4, (10, 1)),
    ]
    private static let kraken = [
        line("BTC/USD", (1, 1, 8), 652_334, 40_000_000, 9, (14, 0.8)),
        line("ETH/USD", (2, 1, 8), 341_251, 600_000_000, 5, (12, 0.6)),
        line("SOL/USD", (2, 1, 8), 14_122, 9_000_000_000, 1.6, (10, 0.5)),
        line("XRP/USD", (5, 1, 8), 52_411, 90_000_000_000, 2.5, (8, 0.4)),
    ]
}
