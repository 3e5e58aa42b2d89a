/// Named key-value pairs.
public struct Metadata: Equatable, Sendable {
    /// What it is about.
    public var name: String
    /// The pairs.
    public var values: TextMap

    /// Makes a metadata record.
    public init(name: String, values: TextMap) {
        self.name = name
        self.values = values
    }
}
