package import Features
package import MarketModel
package import Synchronizer

/// The 15 scalars of ``MarketAggregate`` as features.
package struct AggregateFeatures: RowFeatures {
    package init() {}

    package var columns: [FeatureColumn] {
        MarketAggregate.Scalar.allCases.map { scalar in
            let (formula, unit) = AggregateFeatures.meaning(scalar)
            return FeatureColumn(
                name: scalar.name,
                formula: formula,
                unit: unit,
                undefined: "unobserved, or 0/0",
                source: "docs"
            )
        }
    }

    package mutating func evaluate(
        _ snapshot: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        of instrument: Instrument,
        values: inout [Double],
        isPresent: inout [Bool]
    ) {
        for place in 0..<15 {
            isPresent[place] = aggregate.mask & (1 << UInt16(place)) != 0
            values[place] = aggregate.values[place]
        }
    }

    private static func meaning(_ scalar: MarketAggregate.Scalar) -> (String, String) {
        switch scalar {
        case .midPrice: ("(best bid + best ask) / 2", "quote")
        case .spread: ("best ask - best bid", "quote")
        case .imbalance: ("(sum bid sizes - sum ask sizes) / (sum of both), best levels", "1")
        case .tradeVolume: ("sum of sizes", "base")
        case .tradeVWAP: ("sum(price * size) / sum(size)", "quote")
        case .tradeCount: ("number of trades", "count")
        case .liquidationNotional: ("sum(price * size)", "quote")
        case .liquidationCount: ("number of liquidations", "count")
        case .liquidationImbalance: ("(buy notional - sell notional) / total", "1")
        case .fundingRate: ("latest funding rate", "per interval")
        case .fundingAnnualized: ("rate * 8760 / interval hours", "per year")
        case .fundingNextSettlement: ("next funding time - ts", "ms")
        case .openInterest: ("latest open interest", "contracts")
        case .openInterestValue: ("value of the open interest", "quote")
        case .openInterestChange: ("open interest - that of the row before", "contracts")
        }
    }
}
