/// A request to the REST interface of a venue.
public struct ReplyRequest: Equatable, Sendable {
    /// The path, with its query.
    public var path: String
    /// What it takes of ``ReplyRules/weightLimit``.
    public var weight: Int
    /// Whether its value changes, so that it is made again at intervals; else once a connection.
    public var repeats: Bool

    /// A request for a path.
    public init(_ path: String, weight: Int = 1, repeats: Bool = true) {
        (self.path, self.weight, self.repeats) = (path, weight, repeats)
    }
}
