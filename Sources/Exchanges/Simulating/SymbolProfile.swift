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

    /// What the venue would say of it on `market`.
    public func definition(on market: Market) -> InstrumentDefinition {
        var definition = InstrumentDefinition(symbol: symbol)
        let step = FixedDecimal(mantissa: 1, scale: UInt8(sizeDecimals))
        definition.tickSize = FixedDecimal(mantissa: tick, scale: UInt8(priceDecimals))
        (definition.sizeStep, definition.minimumSize) = (step, step)
        (definition.base, definition.quote) = assets
        definition.contract = market == .spot ? .spot : .perpetual
        return definition
    }

    private var assets: (base: String, quote: String) {
        for mark in ["-", "/"] {
            let parts = symbol.split(separator: mark).map(String.init)
            if parts.count == 2 { return (parts[0], parts[1]) }
        }
        let quote = ["USDT", "USDC", "USD"].first(where: symbol.hasSuffix) ?? ""
        return (String(symbol.dropLast(quote.count)), quote)
    }

    /// A profile of how numbers are written, the first price (ticks), the mean level's size, what it looks like, and how
    /// much happens a second.
    static func line(
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
}
