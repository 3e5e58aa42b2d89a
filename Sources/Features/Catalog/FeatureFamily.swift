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
