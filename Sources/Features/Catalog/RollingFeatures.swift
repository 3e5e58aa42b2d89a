import MarketModel
import Synchronizer

/// √Σr² of the last W log returns of the mid from row to row.
struct RealizedVolatility: Feature {
    let info: FeatureInfo
    private var returns: RollingWindow<Double>
    private var previous: ExactPrice?

    init(window: Int) {
        returns = RollingWindow(length: window)
        info = FeatureInfo(
            name: "realized_volatility_\(window)",
            formula: "sqrt(sum of r^2) over the last \(window) rows, r = ln(mid / mid of the row before)",
            unit: "1 per \(window) rows",
            warmUp: window,
            undefined: "a mid absent among the last \(window + 1) rows",
            source: "Andersen, Bollerslev, Diebold, Labys 2003, doi:10.1111/1468-0262.00418"
        )
    }

    mutating func value(of row: borrowing MarketSnapshot, _ facts: RowFacts) -> Double? {
        let current = facts.top?.mid
        var step: Double?
        if let current, let previous {
            step = NaturalLogarithm.of(ExactReturn(from: previous, to: current))
        }
        previous = current
        returns.append(step)
        guard returns.isComplete else { return nil }
        return returns.reduce(0.0) { $0 += $1 * $1 }.squareRoot()
    }
}

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
}

/// The slope of the mid's change on signed volume over the last W rows.
struct PriceImpact: Feature {
    private struct Sample {
        var change: Double
        var volume: Double
    }

    let info: FeatureInfo
    private let window: Int
    private var samples: RollingWindow<Sample>
    private var previous: Double?

    init(window: Int) {
        self.window = window
        samples = RollingWindow(length: window)
        info = FeatureInfo(
            name: "kyle_lambda_\(window)",
            formula: "least-squares slope, with intercept, of mid - mid of the row before on signed volume, "
                + "last \(window) rows",
            unit: "quote per base",
            warmUp: window,
            undefined: "a mid absent among the last \(window + 1) rows, trades unobserved in one of the last "
                + "\(window), or signed volume the same in all",
            source: "Kyle 1985, doi:10.2307/1913210"
        )
    }

    mutating func value(of row: borrowing MarketSnapshot, _ facts: RowFacts) -> Double? {
        let current = facts.mid
        var sample: Sample?
        if let current, let previous, let flow = facts.flow {
            sample = Sample(change: current - previous, volume: flow.signedVolume)
        }
        previous = current
        samples.append(sample)
        return samples.isComplete ? slope() : nil
    }

    private func slope() -> Double? {
        let sums = samples.reduce((change: 0.0, volume: 0.0)) { sums, sample in
            sums.change += sample.change
            sums.volume += sample.volume
        }
        let (change, volume) = (sums.change / Double(window), sums.volume / Double(window))
        let moments = samples.reduce((product: 0.0, square: 0.0)) { moments, sample in
            moments.product += (sample.volume - volume) * (sample.change - change)
            moments.square += (sample.volume - volume) * (sample.volume - volume)
        }
        return RowFeature.ratio(moments.product, moments.square)
    }
}

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

    /// What arrived at a side's best level, less what left it.
    private func flow(_ now: PriceLevel, _ before: PriceLevel, isBid: Bool) -> Double {
        let isBetter = isBid ? now.price > before.price : now.price < before.price
        let isWorse = isBid ? now.price < before.price : now.price > before.price
        return (isWorse ? 0 : now.size.doubleValue) - (isBetter ? 0 : before.size.doubleValue)
    }
}
