public import MarketFiles

/// The settings for making a sink; each uses what it needs.
public struct SinkSettings {
    /// Where files go.
    public var folder: String?
    /// How columns of files are encoded.
    public var encoding = FileEncoding.automatic
    /// Key-value metadata of every file.
    public var metadata: [(key: String, value: String)] = []
    /// Prints a line for people.
    public var putLine: (String) -> Void

    /// Settings without a folder; lines are printed by `putLine`.
    public init(putLine: @escaping (String) -> Void) { self.putLine = putLine }
}
