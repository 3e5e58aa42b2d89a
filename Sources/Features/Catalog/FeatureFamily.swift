import MarketModel

/// A family of features and the names that plans use for them.
protocol FeatureFamily: Sendable {
    /// The names of its sets as offered to users, such as `book:N`.
    static var setNames: [String] { get }
    /// The features of a set as plans name it (`book:10`); nil if it is not of this family.
    static func set(named name: String) -> [any Feature]?
    /// One feature by its own name; nil if it is not of this family.
    static func feature(named name: String) -> (any Feature)?
    /// The valid numbers in a name of this family whose number is invalid; nil for other names.
    static func range(of name: String) -> String?
}

extension FeatureFamily {
    static func range(of name: String) -> String? { nil }
}
