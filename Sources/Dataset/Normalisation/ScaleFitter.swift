/// Fits scales on rows that are read several times, holding none: all rows of the training part, in the order
/// of the set, unmasked cells only.
struct ScaleFitter {
    /// Calls its argument with every training row, in order; a pass over the data.
    typealias Pass = ((borrowing DatasetRow) -> Void) throws(DatasetError) -> Void

    let features: Int
    let pass: Pass

    /// One scale a feature; nil for no scaling.
    func fit(_ kind: NormalisationKind) throws(DatasetError) -> [FeatureScale]? {
        switch kind {
        case .none: nil
        case .zScore: try moments()
        case .robust: try medians()
        }
    }

    private func moments() throws(DatasetError) -> [FeatureScale] {
        var spans = [ClosedRange<Double>?](repeating: nil, count: features)
        let (sums, counts) = try sum { value, place in
            spans[place] =
                min(spans[place]?.lowerBound ?? value, value)...max(spans[place]?.upperBound ?? value, value)
            return value
        }
        let means = (0..<features).map { counts[$0] == 0 ? 0 : sums[$0] / Double(counts[$0]) }
        let (squares, _) = try sum { value, place in
            let deviation = value - means[place]
            return deviation * deviation
        }
        return (0..<features).map { place in
            // The mean of a constant may differ from it in the last bit; its deviation is 0 all the same.
            if let span = spans[place], span.lowerBound == span.upperBound {
                return FeatureScale(center: span.lowerBound, spread: 0, count: counts[place])
            }
            let variance = counts[place] == 0 ? 0 : squares[place] / Double(counts[place])
            return FeatureScale(center: means[place], spread: variance.squareRoot(), count: counts[place])
        }
    }

    private func sum(_ term: (Double, Int) -> Double) throws(DatasetError) -> ([Double], [Int]) {
        var sums = Array(repeating: CarriedSum(), count: features)
        var counts = Array(repeating: 0, count: features)
        try pass { row in
            for place in 0..<features where row.isPresent[place] {
                sums[place].add(term(row.values[place], place))
                counts[place] += 1
            }
        }
        return (sums.map(\.value), counts)
    }

    private func medians() throws(DatasetError) -> [FeatureScale] {
        let (_, counts) = try sum { _, _ in 0 }
        let centers = try median(counts) { value, _ in value }
        let deviations = try median(counts) { value, place in abs(value - centers[place]) }
        return (0..<features).map { place in
            FeatureScale(
                center: centers[place],
                spread: FeatureScale.robustFactor * deviations[place],
                count: counts[place]
            )
        }
    }

    /// The middle value, or the mean of the two in the middle.
    private func median(_ counts: [Int], _ term: (Double, Int) -> Double) throws(DatasetError) -> [Double] {
        var lower = counts.map { RankSearch(rank: max(0, ($0 - 1) / 2)) }
        var upper = counts.map { RankSearch(rank: $0 / 2) }
        for _ in 0..<RankSearch.passes {
            try pass { row in
                for place in 0..<features where row.isPresent[place] {
                    let value = term(row.values[place], place)
                    lower[place].add(value)
                    upper[place].add(value)
                }
            }
            for place in 0..<features {
                lower[place].endPass()
                upper[place].endPass()
            }
        }
        return (0..<features).map { place in
            guard counts[place] > 0 else { return 0 }
            if counts[place] % 2 == 1 { return upper[place].value }
            return (lower[place].value + upper[place].value) / 2
        }
    }
}
