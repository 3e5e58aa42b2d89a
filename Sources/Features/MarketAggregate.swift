public import MarketModel
public import OrderBooks

/// One row reduced to numbers: 15 scalars, each a double or absent, and how far they can be trusted.
///
/// Absent is not zero: a scalar is nil where it is undefined or its feed was not observed.
public struct MarketAggregate: Sendable, Equatable {
    /// The instrument.
    public var instrument: InstrumentIndex
    /// The row's label, its right edge: nanoseconds since the Unix epoch, UTC.
    public var ts: Int64
    /// The receive time of the frame at which the row was emitted: nanoseconds since the Unix epoch, UTC.
    public var tsAvailable: Int64
    /// The scalars in the order of ``Scalar``.
    public var values: [15 of Double]
    /// Bit `n` is set where scalar `n` is present.
    public var mask: UInt16
    /// `ts` minus the book's time in the basis, nanoseconds.
    public var bookAge: Int64?
    /// `ts` minus the funding rate's time in the basis, nanoseconds.
    public var fundingAge: Int64?
    /// `ts` minus the open interest's time in the basis, nanoseconds.
    public var interestAge: Int64?
    /// The amount that a size of 1 is: base, or quote on inverse markets; nil where sizes count contracts whose amount
    /// no definition before the row states.
    public var sizeUnit: Double? = 1
    /// The state of the book strictly before the edge.
    public var bookState: OrderBook.State
    /// Whether trades were observed throughout the period.
    public var observedTrades: Bool
    /// Whether liquidations were observed throughout the period.
    public var observedLiquidations: Bool
    /// The book was gapped or a feed was not live at some time in the period.
    public var gap: Bool
    /// The data ended before the row's edge.
    public var partial: Bool

    /// The scalars in their order; raw values are their names in files.
    public enum Scalar: Int, CaseIterable, Sendable {
        /// (best bid + best ask) / 2, quote.
        case midPrice
        /// Best ask − best bid, quote; the double nearest to the exact decimal.
        case spread
        /// (Σ bid sizes − Σ ask sizes) / (Σ bid sizes + Σ ask sizes) over the best levels, [−1, 1].
        case imbalance
        /// Σ size of the trades, base.
        case tradeVolume
        /// Σ price·size / Σ size of the trades, quote.
        case tradeVWAP
        /// Number of trades.
        case tradeCount
        /// Σ price·size of the liquidations, quote.
        case liquidationNotional
        /// Number of liquidations.
        case liquidationCount
        /// (Buy notional − sell notional) / total, by the side of the forced order, [−1, 1].
        case liquidationImbalance
        /// Latest funding rate, per interval.
        case fundingRate
        /// Rate · 8760 / interval hours, per year.
        case fundingAnnualized
        /// Next funding time − ts, milliseconds.
        case fundingNextSettlement
        /// Latest open interest, contracts or base.
        case openInterest
        /// The venue's value, else open interest · mark price, quote.
        case openInterestValue
        /// Open interest minus that of the row before, contracts.
        case openInterestChange

        /// The name in files.
        public var name: String { Scalar.names[rawValue] }

        /// All names in order.
        public static let names = [
            "ob_mid_price", "ob_spread", "ob_imbalance", "trade_volume", "trade_vwap", "trade_count",
            "liq_notional", "liq_count", "liq_imbalance", "fr_rate", "fr_annualized",
            "fr_next_settlement_delta", "oi_contracts", "oi_value", "oi_change",
        ]
    }

    /// A row of an instrument with no scalar present.
    public init(instrument: InstrumentIndex, ts: Int64, tsAvailable: Int64) {
        self.instrument = instrument
        self.ts = ts
        self.tsAvailable = tsAvailable
        values = .init(repeating: 0)
        mask = 0
        bookState = .awaitingSnapshot
        observedTrades = false
        observedLiquidations = false
        gap = false
        partial = false
    }

    /// A scalar, nil where it is undefined or unobserved.
    @inlinable
    @inline(__always)
    public subscript(_ scalar: Scalar) -> Double? {
        get { mask & (1 << UInt16(scalar.rawValue)) == 0 ? nil : values[scalar.rawValue] }
        set {
            if let newValue {
                values[scalar.rawValue] = newValue
                mask |= 1 << UInt16(scalar.rawValue)
            } else {
                values[scalar.rawValue] = 0
                mask &= ~(1 << UInt16(scalar.rawValue))
            }
        }
    }

    /// Whether every scalar, mask and flag is equal.
    public static func == (left: MarketAggregate, right: MarketAggregate) -> Bool {
        guard left.instrument == right.instrument, left.ts == right.ts, left.tsAvailable == right.tsAvailable,
            left.mask == right.mask, left.bookAge == right.bookAge, left.fundingAge == right.fundingAge,
            left.interestAge == right.interestAge, left.bookState == right.bookState,
            left.observedTrades == right.observedTrades,
            left.observedLiquidations == right.observedLiquidations, left.gap == right.gap,
            left.partial == right.partial
        else { return false }
        for index in 0..<15 where left.values[index].bitPattern != right.values[index].bitPattern {
            return false
        }
        return true
    }
}
