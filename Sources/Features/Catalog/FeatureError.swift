import MarketModel

/// Names that are not in the catalog.
public enum FeatureError: Error, Equatable, Sendable {
    /// No feature or set has this name; the nearest, if any.
    case unknown(String, nearest: String?)
    /// The number in a feature's name is out of range.
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
