/// Fits scales on the unmasked cells of training rows, in passes over rows that it does not hold.
///
/// Each pass tallies the rows, in as many parts as there are, each beginning with ``tally``; ``end(with:)`` takes the
/// merged tally. A fit follows from its merged tallies alone, whoever made them: one pass for z-score, nine to
/// thirteen for robust scales.
struct ScaleFit {
    let kind: NormalisationKind
    /// One scale a feature after the last pass; nil before it, and for no scaling.
    private(set) var scales: [FeatureScale]?

    private enum Stage { case moments, medians, deviations, quartiles, done }

    private var stage: Stage
    private var pass = 0
    private var moments: [Moments] = []
    private var searches: [RankSearch] = []
    /// Passes that the searches still need.
    private var left = 0
    private var centers: [Double] = []
    private let features: Int

    /// Fits scales of this kind of as many features.
    init(_ kind: NormalisationKind, features: Int) {
        self.kind = kind
        self.features = features
        stage = kind == .none ? .done : .moments
    }

    /// The tally of no rows for the next pass; nil after the last one.
    var tally: ScaleTally? {
        switch stage {
        case .moments: ScaleTally(features: features)
        case .medians, .quartiles: ScaleTally(pass: pass, counts: searches.map(\.counts), centers: nil)
        case .deviations: ScaleTally(pass: pass, counts: searches.map(\.counts), centers: centers)
        case .done: nil
        }
    }

    /// Ends a pass with the tally of all rows.
    mutating func end(with tally: ScaleTally) {
        precondition(tally.pass == pass, "a tally of another pass")
        pass += 1
        if stage == .moments {
            moments = tally.moments
            return kind == .robust ? search(middles, .medians) : finish(moments.map(ScaleFit.standard))
        }
        for (slot, counts) in tally.counts.enumerated() { searches[slot].endPass(counts) }
        left -= 1
        guard left == 0 else { return }
        switch stage {
        case .medians:
            centers = medians
            search(middles, .deviations)
        case .deviations:
            let scales = robust
            let isFlat = scales.indices.map { scales[$0].spread == 0 && moments[$0].count > 0 }
            self.scales = scales
            if isFlat.contains(true) { search(quarters(isFlat), .quartiles) } else { finish(scales) }
        case .quartiles: finish(fallbacks)
        case .moments, .done: break
        }
    }

    private mutating func search(_ ranks: [[Int]], _ stage: Stage) {
        searches = ranks.map { RankSearch(ranks: $0) }
        left = RankSearch.passes
        self.stage = stage
    }

    private mutating func finish(_ scales: [FeatureScale]) {
        self.scales = scales
        (searches, stage) = ([], .done)
    }
}

// Scales.
extension ScaleFit {
    private static func standard(_ moments: Moments) -> FeatureScale {
        FeatureScale(
            center: moments.mean,
            spread: moments.settled(moments.deviation),
            count: moments.count,
            measure: .deviation
        )
    }

    /// The ranks of the middle value, or of the two in the middle, of each feature.
    private var middles: [[Int]] {
        moments.map { $0.count == 0 ? [] : [($0.count - 1) / 2, $0.count / 2] }
    }

    private var medians: [Double] {
        searches.map { search in
            let values = search.values
            return values.isEmpty ? 0 : (values[0] + values[1]) / 2
        }
    }

    /// By the median absolute deviation.
    private var robust: [FeatureScale] {
        zip(moments, zip(centers, medians)).map { moments, found in
            FeatureScale(
                center: found.0,
                spread: moments.settled(FeatureScale.robustFactor * found.1),
                count: moments.count,
                measure: .medianDeviation
            )
        }
    }

    /// The ranks around `(n − 1) · q` for both quartiles of each feature that is flat.
    private func quarters(_ isFlat: [Bool]) -> [[Int]] {
        zip(moments, isFlat).map { moments, isFlat in
            guard isFlat else { return [] }
            return [1, 3].flatMap { quarter in
                let position = (moments.count - 1) * quarter
                return [position / 4, (position + 3) / 4]
            }
        }
    }

    /// Where the median absolute deviation is 0: by the quartiles, and if they are equal by σ.
    private var fallbacks: [FeatureScale] {
        var scales = scales ?? []
        for (slot, search) in searches.enumerated() {
            let (values, moments) = (search.values, moments[slot])
            guard !values.isEmpty else { continue }
            let quartile = { (quarter: Int, start: Int) in
                let part = Double((moments.count - 1) * quarter % 4) / 4
                return values[start] + (values[start + 1] - values[start]) * part
            }
            let distance = quartile(3, 2) - quartile(1, 0)
            let spread = moments.settled(FeatureScale.quartileFactor * distance)
            scales[slot].spread = spread == 0 ? moments.settled(moments.deviation) : spread
            scales[slot].measure = scales[slot].spread == 0 ? .none : spread == 0 ? .deviation : .quartiles
        }
        return scales
    }
}
