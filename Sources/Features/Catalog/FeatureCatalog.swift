import MarketModel

/// A family of features: the names a plan may use for it, and what they stand for.
protocol FeatureFamily: Sendable {
    /// The names of its sets as they are offered, such as `book:N`.
    static var setNames: [String] { get }
    /// The features of a set by the name as a plan writes it (`book:10`); nil if it is not a set of this family.
    static func set(named name: String) -> [any Feature]?
    /// One feature by its own name; nil if it is not of this family.
    static func feature(named name: String) -> (any Feature)?
    /// What the number in a name of this family may be, where it is another; nil for other names.
    static func range(of name: String) -> String?
}

extension FeatureFamily {
    static func range(of name: String) -> String? { nil }
}

/// All features there are.
///
/// To add one, write it in its family's file; to add a family, name it here.
public enum FeatureCatalog {
    static let families: [any FeatureFamily.Type] = [
        AggregateFamily.self, MicrostructureFamily.self, BookFamily.self,
    ]

    /// The names of sets, as offered to the user.
    public static let setNames: [String] = families.flatMap { $0.setNames }

    /// Every feature in the catalog's order, with `levels` levels a side of the set `book:N`.
    public static func all(bookLevels levels: Int = 1) -> [FeatureInfo] {
        let names = ["aggregate-extended", "microstructure", "book:\(levels)", "book:\(levels):ticks"]
        var seen: Set<String> = []
        return names.flatMap { name in
            families.lazy.compactMap { $0.set(named: name) }.first ?? []
        }.map(\.info).filter { seen.insert($0.name).inserted }
    }

    /// The features that a list of names of sets and features stands for, in that order; of a feature named
    /// twice the first place counts.
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

/// Names that stand for nothing.
public enum FeatureError: Error, Equatable, Sendable {
    /// No feature and no set has this name; perhaps one near it was meant.
    case unknown(String, nearest: String?)
    /// The number in a feature's name is none that it can have.
    case outOfRange(String, expected: String)
    /// The list of names is empty.
    case noFeatures
}

extension FeatureError: CustomStringConvertible {
    /// What was found, what is expected.
    public var description: String {
        switch self {
        case .unknown(let name, let nearest):
            "features: found \"\(name)\", expected a set (\(FeatureCatalog.setNames.joined(separator: ", "))) "
                + "or a feature; "
                + (nearest.map { "did you mean \"\($0)\"?" } ?? "see `atelier dataset describe --features`")
        case .outOfRange(let name, let expected):
            "features: found \"\(name)\", expected \(expected)"
        case .noFeatures:
            "features: found none, expected at least one set or feature (try aggregate)"
        }
    }
}
