import MarketFiles
public import Rows

/// A kind of sink: its name, its needs, and how it is made.
public struct SinkDefinition: Sendable {
    /// The name in `--sinks` and in a manifest's `type`.
    public let name: String
    /// What it does with rows, in a few words.
    public let summary: String
    /// Whether it writes into a folder, which a flag or the manifest's `path` must name.
    public let needsFolder: Bool
    /// Why no command can make it; nil for those that commands offer.
    public let commandRefusal: String?
    /// Makes one; ``SinkError`` where it cannot begin.
    public let make: @Sendable (SinkSettings) throws(SinkError) -> any RowSink

    private init(
        _ name: String,
        _ summary: String,
        needsFolder: Bool = false,
        commandRefusal: String? = nil,
        make: @escaping @Sendable (SinkSettings) throws(SinkError) -> any RowSink
    ) {
        (self.name, self.summary, self.needsFolder) = (name, summary, needsFolder)
        (self.commandRefusal, self.make) = (commandRefusal, make)
    }
}

extension SinkDefinition {
    /// ``ParquetSink``.
    public static let parquet = SinkDefinition("parquet", "market files", needsFolder: true) {
        settings throws(SinkError) in
        guard let folder = settings.folder else {
            throw .failed(sink: "parquet", reason: "it needs a folder")
        }
        return try ParquetSink(folder: folder, encoding: settings.encoding, metadata: settings.metadata)
    }

    /// ``TerminalSink``.
    public static let terminal = SinkDefinition(
        "terminal",
        "a line an instrument and second of recorded time"
    ) { TerminalSink($0.putLine) }

    /// ``ChannelSink``.
    public static let channel = SinkDefinition(
        "channel",
        "readers in the same process",
        commandRefusal: """
            the sink 'channel' hands rows to readers in its own process, so it is for programs that use the library \
            (docs/RECORD.md shows one of ten lines)
            """
    ) { _ in ChannelSink() }
}
