public import MarketFiles

/// What a sink is made with; each takes what it needs.
public struct SinkSettings {
    /// Where files go.
    public var folder: String?
    /// How columns of files are encoded.
    public var encoding = FileEncoding.automatic
    /// Key-value metadata of every file.
    public var metadata: [(key: String, value: String)] = []
    /// Puts out a line for people.
    public var putLine: (String) -> Void

    /// Settings without a folder; lines are put out by `putLine`.
    public init(putLine: @escaping (String) -> Void) { self.putLine = putLine }
}
