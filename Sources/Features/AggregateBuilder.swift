public import MarketModel
import OrderBooks
public import Synchronizer

/// Reduces snapshots to aggregates, keeping per instrument what the next row is compared with.
///
/// Sums run in a stated order: levels best outwards, bids then asks; trades and liquidations in row order.
public struct AggregateBuilder: Sendable {
    /// The open interest of the row emitted just before, by instrument.
    private var previousInterest: [FixedDecimal?] = []
    /// The amount of a contract, by instrument whose sizes count contracts; nil in it before a definition states it.
    private var contracts: [InstrumentIndex: FixedDecimal?] = [:]

    /// A builder before its first row.
    public init() {}

    /// Says that sizes of an instrument count contracts, and what amount each is of, once a definition states it.
    public mutating func countsContracts(_ instrument: InstrumentIndex, of amount: FixedDecimal?) {
        contracts[instrument] = .some(amount)
    }

    /// The aggregate of a row.
    ///
    /// Precondition: rows of an instrument are in order.
    public mutating func aggregate(_ row: borrowing MarketSnapshot, market: Market) -> MarketAggregate {
        var aggregate = MarketAggregate(instrument: row.instrument, ts: row.ts, tsAvailable: row.tsAvailable)
        aggregate.bookAge = row.bookAge
        aggregate.fundingAge = row.fundingAge
        aggregate.interestAge = row.interestAge
        aggregate.bookState = row.quality.bookState
        aggregate.observedTrades = row.quality.observed.contains(.trades)
        aggregate.observedLiquidations = row.quality.observed.contains(.liquidations)
        aggregate.gap = row.quality.gap
        aggregate.partial = row.quality.partial
        let countsContracts = !contracts.isEmpty && contracts[row.instrument] != nil
        if countsContracts { aggregate.sizeUnit = contracts[row.instrument]??.doubleValue }
        if row.hasBook, !row.book.view.isCrossed { aggregate.fill(row.book.view.totals) }
        if aggregate.observedTrades { aggregate.fill(trades: row.trades, market) }
        if aggregate.observedLiquidations { aggregate.fill(liquidations: row.liquidations, market) }
        if let funding = row.fundingRate { aggregate.fill(funding) }
        let previous = exchangePrevious(row.openInterest?.openInterest, of: row.instrument)
        if let interest = row.openInterest {
            aggregate.fill(interest, previous: previous, market, countsContracts)
        }
        return aggregate
    }

    private mutating func exchangePrevious(
        _ interest: FixedDecimal?,
        of instrument: InstrumentIndex
    ) -> FixedDecimal? {
        while previousInterest.count <= instrument.position { previousInterest.append(nil) }
        defer { previousInterest[instrument.position] = interest }
        return previousInterest[instrument.position]
    }
}

extension AggregateBuilder: StateCodable {
    /// Writes or reads what the next rows are compared with.
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("previousInterest", &previousInterest)
    }
}

extension MarketAggregate {
    /// An amount in units of sizes as one of base or quote; nil if that is not known.
    private func amount(_ sizes: Double) -> Double? { sizeUnit.map { sizes * $0 } }

    /// Scalars 1–3.
    ///
    /// One side empty: imbalance ±1, mid and spread absent; both empty: all absent.
    fileprivate mutating func fill(_ book: BookTotals) {
        if let bid = book.bestBid?.price, let ask = book.bestAsk?.price {
            self[.midPrice] = (bid.doubleValue + ask.doubleValue) / 2
            self[.spread] = ExactDifference.nearest(ask, bid)
        }
        self[.imbalance] = Imbalance.nearest(book.bidSize, book.askSize)
    }

    /// Scalars 4–6; on inverse markets base = size / price.
    fileprivate mutating func fill(trades: [Trade], _ market: Market) {
        var volume = 0.0
        var notional = 0.0
        for trade in trades {
            let price = trade.price.doubleValue
            let size = trade.size.doubleValue
            if market == .inverse {
                volume += size / price
                notional += size
            } else {
                volume += size
                notional += price * size
            }
        }
        self[.tradeVolume] = amount(volume)
        if volume != 0 { self[.tradeVWAP] = notional / volume }
        self[.tradeCount] = Double(trades.count)
    }

    /// Scalars 7–9; on inverse markets notional = size.
    fileprivate mutating func fill(liquidations: [Liquidation], _ market: Market) {
        var total = 0.0
        var bought = 0.0
        var sold = 0.0
        for liquidation in liquidations {
            let size = liquidation.size.doubleValue
            let notional = market == .inverse ? size : liquidation.price.doubleValue * size
            total += notional
            if liquidation.side == .buy { bought += notional } else { sold += notional }
        }
        self[.liquidationNotional] = amount(total)
        self[.liquidationCount] = Double(liquidations.count)
        if total != 0 { self[.liquidationImbalance] = (bought - sold) / total }
    }

    /// Scalars 10–12.
    fileprivate mutating func fill(_ funding: FundingRate) {
        self[.fundingRate] = funding.rate.doubleValue
        if let hours = funding.intervalHours, hours.mantissa > 0 {
            self[.fundingAnnualized] = funding.rate.doubleValue * 8760 / hours.doubleValue
        }
        if let next = funding.nextFundingTime {
            self[.fundingNextSettlement] = Double(next &- ts) / 1e6
        }
    }

    /// Scalars 13–15; on inverse markets the value is the venue's or, where contracts are counted, their amount.
    fileprivate mutating func fill(
        _ interest: OpenInterest,
        previous: FixedDecimal?,
        _ market: Market,
        _ isOfContracts: Bool
    ) {
        self[.openInterest] = interest.openInterest.doubleValue
        if let value = interest.value {
            self[.openInterestValue] = value.doubleValue
        } else if market != .inverse, let mark = interest.markPrice {
            self[.openInterestValue] = amount(interest.openInterest.doubleValue * mark.doubleValue)
        } else if market == .inverse, isOfContracts {
            self[.openInterestValue] = amount(interest.openInterest.doubleValue)
        }
        if let previous {
            self[.openInterestChange] = ExactDifference.nearest(interest.openInterest, previous)
        }
    }
}
