/// What a REST request asks: a path with its query and, where the venue wants it posted, a body.
///
/// As one text the body stands behind the path, a space between: `/info {"type":"meta"}`.
public struct RequestTarget: Equatable, Sendable {
    /// The path, with its query.
    public let path: String
    /// The JSON to post; nil where nothing is posted.
    public let body: String?

    /// Reads the text of a request.
    public init(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
        (path, body) = (parts.first ?? "/", parts.count > 1 ? parts[1] : nil)
    }

    /// A path, and the body posted to it; none if it is empty.
    public init(path: String, body: String) { (self.path, self.body) = (path, body.isEmpty ? nil : body) }

    /// As one text.
    public var text: String { body.map { "\(path) \($0)" } ?? path }
}
