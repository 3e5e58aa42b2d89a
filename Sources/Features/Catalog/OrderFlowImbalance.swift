import MarketModel
import Synchronizer

/// The net flow of orders at the best levels, from one row to the next.
struct OrderFlowImbalance: Feature {
    let info = FeatureInfo(
        name: "order_flow_imbalance",
        formula:
            "[bid >= bid'] qb - [bid <= bid'] qb' - [ask <= ask'] qa + [ask >= ask'] qa', best levels of "
            + "this row and (') the row before",
        unit: "as on the wire: base, inverse quote",
        warmUp: 1,
        undefined: "either row without a synced, uncrossed book of two sides",
        source: "Cont, Kukanov, Stoikov 2014, doi:10.1093/jjfinec/nbt003, sampled at rows"
    )
    private var previous: TopOfBook?

    init() {}

    mutating func value(of row: borrowing MarketSnapshot, _ facts: RowFacts) -> Double? {
        let before = previous
        previous = facts.top
        guard let now = facts.top, let before else { return nil }
        return flow(now.bestBid, before.bestBid, isBid: true)
            - flow(now.bestAsk, before.bestAsk, isBid: false)
    }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("previous", &previous)
    }

    /// What arrived at a side's best level minus what left it.
    private func flow(_ now: PriceLevel, _ before: PriceLevel, isBid: Bool) -> Double {
        let isBetter = isBid ? now.price > before.price : now.price < before.price
        let isWorse = isBid ? now.price < before.price : now.price > before.price
        return (isWorse ? 0 : now.size.doubleValue) - (isBetter ? 0 : before.size.doubleValue)
    }
}
