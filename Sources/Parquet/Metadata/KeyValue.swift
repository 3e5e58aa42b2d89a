/// One key and its value, which can be absent.
public struct KeyValue: Sendable, Equatable {
    /// The key; need not be unique.
    public var key: String
    /// The value.
    public var value: String?

    /// Makes a pair.
    public init(_ key: String, _ value: String?) {
        self.key = key
        self.value = value
    }
}
