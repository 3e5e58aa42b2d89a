/// A request to the REST interface of a venue.
public struct ReplyRequest: Equatable, Sendable {
    /// The path, with its query.
    public var path: String
    /// What it takes of ``ReplyRules/weightLimit``.
    public var weight: Int

    /// A request for a path.
    public init(_ path: String, weight: Int = 1) { (self.path, self.weight) = (path, weight) }
}
