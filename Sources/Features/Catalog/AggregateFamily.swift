import MarketModel
import Synchronizer

/// The 15 scalars (`aggregate`), and with ten more of trades by taker side (`aggregate-extended`).
enum AggregateFamily: FeatureFamily {
    static var setNames: [String] { ["aggregate", "aggregate-extended"] }

    static func set(named name: String) -> [any Feature]? {
        switch name {
        case "aggregate": scalars
        case "aggregate-extended": scalars + trades
        default: nil
        }
    }

    static func feature(named name: String) -> (any Feature)? {
        (scalars + trades).first { $0.info.name == name }
    }

    private static let scalars: [any Feature] = MarketAggregate.Scalar.allCases.map { scalar in
        let (formula, unit, undefined) = meaning(of: scalar)
        let info = FeatureInfo(
            name: scalar.name,
            formula: formula,
            unit: unit,
            warmUp: scalar == .openInterestChange ? 1 : 0,
            undefined: undefined,
            source: "atelier-data, MarketAggregate"
        )
        return RowFeature(info: info) { _, facts in facts.aggregate[scalar] }
    }

    private static func meaning(of scalar: MarketAggregate.Scalar) -> (String, String, String) {
        let book = "no synced book, crossed, or a side empty"
        let trades = "trades not observed throughout the period"
        let liquidations = "liquidations not observed throughout the period"
        return switch scalar {
        case .midPrice: ("(best bid + best ask) / 2", "quote", book)
        case .spread: ("best ask - best bid", "quote", book)
        case .imbalance:
            (
                "(sum of bid sizes - sum of ask sizes) / (sum of both), best depth levels a side", "[-1, 1]",
                "no synced book, crossed, or both sides empty"
            )
        case .tradeVolume: ("sum of sizes (inverse: size / price)", "base", trades)
        case .tradeVWAP: ("sum of price * size / sum of size", "quote", trades + ", or no trade")
        case .tradeCount: ("number of trades", "count", trades)
        case .liquidationNotional: ("sum of price * size (inverse: size)", "quote", liquidations)
        case .liquidationCount: ("number of liquidations", "count", liquidations)
        case .liquidationImbalance:
            (
                "(buy notional - sell notional) / total, by side of the forced order", "[-1, 1]",
                liquidations + ", or none"
            )
        case .fundingRate: ("latest funding rate", "per interval", "none yet")
        case .fundingAnnualized: ("rate * 8760 / interval hours", "per year", "no rate or no interval yet")
        case .fundingNextSettlement: ("next funding time - ts", "ms", "no rate or no next time yet")
        case .openInterest: ("latest open interest", "contracts or base", "none yet")
        case .openInterestValue:
            ("the venue's value, else open interest * mark price", "quote", "neither known")
        case .openInterestChange:
            ("open interest - that of the row before", "contracts or base", "either row without one")
        }
    }

    // MARK: - Extended

    private static let trades: [any Feature] = [
        flow("trade_notional", "sum of price * size (inverse: size)", "quote") { $0.notional },
        flow("trade_buy_volume", "volume of trades whose taker buys", "base") { $0.buyVolume },
        flow("trade_buy_notional", "turnover of trades whose taker buys", "quote") { $0.buyNotional },
        flow("trade_buy_count", "number of trades whose taker buys", "count") { Double($0.buyCount) },
        flow("trade_sell_volume", "volume of trades whose taker sells", "base") { $0.sellVolume },
        flow("trade_sell_notional", "turnover of trades whose taker sells", "quote") { $0.sellNotional },
        flow("trade_sell_count", "number of trades whose taker sells", "count") { Double($0.sellCount) },
        flow(
            "trade_imbalance",
            "(buy volume - sell volume) / (buy volume + sell volume)",
            "[-1, 1]",
            orNoTrade: true
        ) { RowFeature.ratio($0.signedVolume, $0.buyVolume + $0.sellVolume) },
        price("trade_px_first", "price of the first trade in (time, log order)") { $0.first },
        price("trade_px_last", "price of the last trade in (time, log order)") { $0.last },
    ]

    private static let unobserved = "trades not observed throughout the period"
    private static let own = "atelier-data, extended aggregate set"

    private static func flow(
        _ name: String,
        _ formula: String,
        _ unit: String,
        orNoTrade: Bool = false,
        _ compute: @escaping @Sendable (TradeFlow) -> Double?
    ) -> any Feature {
        let info = FeatureInfo(
            name: name,
            formula: formula,
            unit: unit,
            undefined: unobserved + (orNoTrade ? ", or no trade" : ""),
            source: own
        )
        let isAmount = unit == "base" || unit == "quote"
        return RowFeature(info: info) { _, facts in (isAmount ? facts.amounts : facts.flow).flatMap(compute) }
    }

    private static func price(
        _ name: String,
        _ formula: String,
        _ pick: @escaping @Sendable ([Trade]) -> Trade?
    ) -> any Feature {
        let info = FeatureInfo(
            name: name,
            formula: formula,
            unit: "quote",
            undefined: unobserved + ", or no trade",
            source: own
        )
        return RowFeature(info: info) { row, facts in
            facts.flow == nil ? nil : pick(row.trades)?.price.doubleValue
        }
    }
}
