import MarketModel
import Synchronizer

/// The slope of the mid's change on signed volume over the last W rows.
struct PriceImpact: Feature {
    private struct Sample: StateElement {
        var change: Double
        var volume: Double

        static var blank: Sample { Sample(change: 0, volume: 0) }

        mutating func code(_ coder: inout StateCoder) throws(StateError) {
            try coder.packed("change", &change)
            try coder.packed("volume", &volume)
        }
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
        if let current, let previous, let flow = facts.amounts {
            sample = Sample(change: current - previous, volume: flow.signedVolume)
        }
        previous = current
        samples.append(sample)
        return samples.isComplete ? slope() : nil
    }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("samples", &samples)
        try coder.field("previous", &previous)
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
