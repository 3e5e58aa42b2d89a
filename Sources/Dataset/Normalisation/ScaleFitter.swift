/// Fits scales on rows that are read several times, holding none: all rows of the training part, unmasked cells only.
///
/// Sums are exact and ranks too, so the scales do not depend on the order of the rows.
struct ScaleFitter {
    /// Calls its argument with every training row; a pass over the data.
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
            for place in 0..<features where row.isPresent[place] { moments[place].add(row.values[place]) }
        }
        return moments
    }

    /// By the median absolute deviation; where that is 0 by the quartiles, and where they meet by σ.
    private func robust(_ moments: [Moments]) throws(DatasetError) -> [FeatureScale] {
        let all = Array(0..<features)
        let centers = try medians(all, moments) { value, _ in value }
        let deviations = try medians(all, moments) { value, place in abs(value - centers[place]) }
        var scales = all.map { place in
            FeatureScale(
                center: centers[place],
                spread: moments[place].settled(FeatureScale.robustFactor * deviations[place]),
                count: moments[place].count,
                measure: .medianDeviation
            )
        }
        let flat = all.filter { scales[$0].spread == 0 && moments[$0].count > 0 }
        for (place, distance) in zip(flat, try quartileDistances(flat, moments)) {
            let spread = moments[place].settled(FeatureScale.quartileFactor * distance)
            let deviation = spread == 0 ? moments[place].settled(moments[place].deviation) : spread
            scales[place] = FeatureScale(
                center: centers[place],
                spread: deviation,
                count: moments[place].count,
                measure: spread == 0 ? .deviation : .quartiles
            )
        }
        return scales
    }

    /// The middle value of each feature, or the mean of the two in the middle.
    private func medians(
        _ places: [Int],
        _ moments: [Moments],
        _ term: (Double, Int) -> Double
    ) throws(DatasetError) -> [Double] {
        let ranks = places.flatMap { place in
            let count = moments[place].count
            return [(place, max(0, (count - 1) / 2)), (place, count / 2)]
        }
        let values = try find(ranks, term)
        return places.indices.map {
            moments[places[$0]].count == 0 ? 0 : (values[2 * $0] + values[2 * $0 + 1]) / 2
        }
    }

    /// Third quartile less first, each interpolated between the ranks around `(n − 1) · q`.
    private func quartileDistances(
        _ places: [Int],
        _ moments: [Moments]
    ) throws(DatasetError) -> [Double] {
        guard !places.isEmpty else { return [] }
        var ranks: [(Int, Int)] = []
        for place in places {
            for quarter in [1, 3] {
                let position = (moments[place].count - 1) * quarter
                ranks += [(place, position / 4), (place, (position + 3) / 4)]
            }
        }
        let values = try find(ranks) { value, _ in value }
        return places.indices.map { index in
            let quartile = { (quarter: Int) in
                let start = 4 * index + (quarter == 1 ? 0 : 2)
                let part = Double((moments[places[index]].count - 1) * quarter % 4) / 4
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
                for (place, wanted) in ranks.enumerated() where row.isPresent[wanted.feature] {
                    searches[place].add(term(row.values[wanted.feature], wanted.feature))
                }
            }
            for place in searches.indices { searches[place].endPass() }
        }
        return searches.map(\.value)
    }
}
