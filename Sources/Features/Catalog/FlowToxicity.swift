import MarketModel
import Synchronizer

/// Σ|buys − sells| / Σ(buys + sells) over the last W rows, by the venue's taker side.
struct FlowToxicity: Feature {
    let info: FeatureInfo
    private var flows: RollingWindow<TradeFlow>

    init(window: Int) {
        flows = RollingWindow(length: window)
        info = FeatureInfo(
            name: "vpin_\(window)",
            formula:
                "sum of |buy volume - sell volume| / sum of volume over the last \(window) rows; rows are "
                + "the buckets, of equal volume under --bars volume:V; sides as the venue says",
            unit: "[0, 1]",
            warmUp: window - 1,
            undefined: "trades unobserved in one of the last \(window) rows, or no trade in them",
            source: "Easley, Lopez de Prado, O'Hara 2012, doi:10.1093/rfs/hhs053"
        )
    }

    mutating func value(of row: borrowing MarketSnapshot, _ facts: RowFacts) -> Double? {
        flows.append(facts.flow)
        guard flows.isComplete else { return nil }
        let sums = flows.reduce((imbalance: 0.0, volume: 0.0)) { sums, flow in
            sums.imbalance += abs(flow.signedVolume)
            sums.volume += flow.buyVolume + flow.sellVolume
        }
        return RowFeature.ratio(sums.imbalance, sums.volume)
    }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("flows", &flows)
    }
}
