import MarketModel

/// All features there are.
///
/// To add a feature, write it in its family's file; to add a family, list it here.
public enum FeatureCatalog {
    static let families: [any FeatureFamily.Type] = [
        AggregateFamily.self, MicrostructureFamily.self, BookFamily.self,
    ]

    /// The names of sets, as offered to the user.
    public static let setNames: [String] = families.flatMap { $0.setNames }

    /// Every feature in the catalog's order, with `levels` levels a side of the set `book:N`.
    public static func all(bookLevels levels: Int = 1) -> [FeatureInfo] {
        let names = [
            "aggregate-extended", "microstructure", "book:\(levels)", "book:\(levels):ticks",
            "book_levels_known",
        ]
        var seen: Set<String> = []
        return names.flatMap { name in
            families.lazy.compactMap { $0.set(named: name) }.first ?? []
        }.map(\.info).filter { seen.insert($0.name).inserted }
    }

    /// The features of a list of set and feature names, in that order; a feature named twice counts once,
    /// where it is first.
    static func features(named names: [String]) throws(FeatureError) -> [any Feature] {
        var features: [any Feature] = []
        var seen: Set<String> = []
        for name in names {
            for feature in try resolve(name) where seen.insert(feature.info.name).inserted {
                features.append(feature)
            }
        }
        guard !features.isEmpty else { throw .noFeatures }
        return features
    }

    private static func resolve(_ name: String) throws(FeatureError) -> [any Feature] {
        for family in families {
            if let set = family.set(named: name) { return set }
            if let feature = family.feature(named: name) { return [feature] }
        }
        if let range = families.lazy.compactMap({ $0.range(of: name) }).first {
            throw .outOfRange(name, expected: range)
        }
        throw .unknown(name, nearest: nearest(to: name))
    }

    private static func nearest(to name: String) -> String? {
        NearestName.near(name, among: setNames + all().map(\.name))
    }
}
