/// Fits scales on the unmasked cells of the training rows, which it reads several times and does not hold.
///
/// Sums and ranks are exact, so the scales do not depend on the order of the rows.
struct ScaleFitter {
    /// One pass over the data, which calls its argument with every training row.
    typealias Pass = ((borrowing DatasetRow) -> Void) throws(DatasetError) -> Void

    let features: Int
    let pass: Pass

    /// One scale a feature; nil for no scaling.
    func fit(_ kind: NormalisationKind) throws(DatasetError) -> [FeatureScale]? {
        switch kind {
        case .none: nil
        case .zScore: try moments().map(ScaleFitter.standard)
        case .robust: try robust(moments())
        }
    }

    private static func standard(_ moments: Moments) -> FeatureScale {
        FeatureScale(
            center: moments.mean,
            spread: moments.settled(moments.deviation),
            count: moments.count,
            measure: .deviation
        )
    }

    private func moments() throws(DatasetError) -> [Moments] {
        var moments = Array(repeating: Moments(), count: features)
        try pass { row in
            for slot in 0..<features where row.isPresent[slot] { moments[slot].add(row.values[slot]) }
        }
        return moments
    }

    /// By the median absolute deviation; if that is 0 by the quartiles, and if they are equal by σ.
    private func robust(_ moments: [Moments]) throws(DatasetError) -> [FeatureScale] {
        let all = Array(0..<features)
        let centers = try medians(all, moments) { value, _ in value }
        let deviations = try medians(all, moments) { value, slot in abs(value - centers[slot]) }
        var scales = all.map { slot in
            FeatureScale(
                center: centers[slot],
                spread: moments[slot].settled(FeatureScale.robustFactor * deviations[slot]),
                count: moments[slot].count,
                measure: .medianDeviation
            )
        }
        let flat = all.filter { scales[$0].spread == 0 && moments[$0].count > 0 }
        for (slot, distance) in zip(flat, try quartileDistances(flat, moments)) {
            let spread = moments[slot].settled(FeatureScale.quartileFactor * distance)
            let deviation = spread == 0 ? moments[slot].settled(moments[slot].deviation) : spread
            scales[slot] = FeatureScale(
                center: centers[slot],
                spread: deviation,
                count: moments[slot].count,
                measure: spread == 0 ? .deviation : .quartiles
            )
        }
        return scales
    }

    /// The middle value of each feature, or the mean of the two in the middle.
    private func medians(
        _ indexes: [Int],
        _ moments: [Moments],
        _ term: (Double, Int) -> Double
    ) throws(DatasetError) -> [Double] {
        let ranks = indexes.flatMap { slot in
            let count = moments[slot].count
            return [(slot, max(0, (count - 1) / 2)), (slot, count / 2)]
        }
        let values = try find(ranks, term)
        return indexes.indices.map {
            moments[indexes[$0]].count == 0 ? 0 : (values[2 * $0] + values[2 * $0 + 1]) / 2
        }
    }

    /// Third quartile minus first, each interpolated between the ranks around `(n − 1) · q`.
    private func quartileDistances(
        _ indexes: [Int],
        _ moments: [Moments]
    ) throws(DatasetError) -> [Double] {
        guard !indexes.isEmpty else { return [] }
        var ranks: [(Int, Int)] = []
        for slot in indexes {
            for quarter in [1, 3] {
                let position = (moments[slot].count - 1) * quarter
                ranks += [(slot, position / 4), (slot, (position + 3) / 4)]
            }
        }
        let values = try find(ranks) { value, _ in value }
        return indexes.indices.map { index in
            let quartile = { (quarter: Int) in
                let start = 4 * index + (quarter == 1 ? 0 : 2)
                let part = Double((moments[indexes[index]].count - 1) * quarter % 4) / 4
                return values[start] + (values[start + 1] - values[start]) * part
            }
            return quartile(3) - quartile(1)
        }
    }

    /// The terms of these ranks, each `(feature, rank)`.
    private func find(
        _ ranks: [(feature: Int, rank: Int)],
        _ term: (Double, Int) -> Double
    ) throws(DatasetError) -> [Double] {
        var searches = ranks.map { RankSearch(rank: $0.rank) }
        for _ in 0..<RankSearch.passes {
            try pass { row in
                for (slot, wanted) in ranks.enumerated() where row.isPresent[wanted.feature] {
                    searches[slot].add(term(row.values[wanted.feature], wanted.feature))
                }
            }
            for slot in searches.indices { searches[slot].endPass() }
        }
        return searches.map(\.value)
    }
}
