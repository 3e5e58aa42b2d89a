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
    /// What a contract is worth where sizes count contracts.
    public var contractSize: FixedDecimal?
    /// What is traded and what it is priced in, where the symbol does not spell them.
    public var base: String?
    /// As the base.
    public var quote: String?
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

    /// A profile of how prices and sizes are written, the first price in ticks, the mean level's size, what the book
    /// looks like, and how much happens a second.
    public init(
        _ symbol: String,
        _ written: (priceDecimals: Int, tick: Int64, sizeDecimals: Int),
        _ startTicks: Int64,
        _ levelSize: Int64,
        _ looks: (gap: Double, spread: Double, volatility: Double),
        _ rates: (book: Double, trade: Double)
    ) {
        (self.symbol, self.startTicks, self.levelSize) = (symbol, startTicks, levelSize)
        (priceDecimals, tick, sizeDecimals) = written
        (gap, spread, volatility) = looks
        (bookRate, tradeRate) = rates
    }

    /// What the venue would say of it on `market`.
    public func definition(on market: Market) -> InstrumentDefinition {
        var definition = InstrumentDefinition(symbol: symbol)
        let step = FixedDecimal(mantissa: 1, scale: UInt8(sizeDecimals))
        definition.tickSize = FixedDecimal(mantissa: tick, scale: UInt8(priceDecimals))
        (definition.sizeStep, definition.minimumSize) = (step, step)
        (definition.base, definition.quote) = assets
        definition.contractSize = contractSize
        definition.contract = market == .spot ? .spot : .perpetual
        return definition
    }

    private var assets: (base: String, quote: String) {
        if let base, let quote { return (base, quote) }
        for mark in ["-", "/"] {
            let parts = symbol.split(separator: mark).map(String.init)
            // Behind a pair may be what kind of contract it is.
            if parts.count >= 2 { return (parts[0], parts[1]) }
        }
        let quotes = ["USDT", "USDC", "USD"]
        let halves = symbol.split(separator: "_").map(String.init)
        if halves.count == 2, quotes.contains(halves[1]) { return (halves[0], halves[1]) }
        // Between underscores stand the pair, what kind of contract it is, and when it ends.
        let pair =
            symbol.split(separator: "_").first { part in quotes.contains { part.hasSuffix($0) } }
            ?? symbol.prefix { $0 != "_" }
        let quote = quotes.first(where: pair.hasSuffix) ?? ""
        return (String(pair.dropLast(quote.count)), quote)
    }
}
