/// The kinds of sink.
///
/// To add one: its file, its ``SinkDefinition`` and its entry here.
public enum SinkCatalog {
    /// All of them.
    public static let all: [SinkDefinition] = [.parquet, .terminal, .channel]

    /// The ones that commands offer.
    public static var offered: [SinkDefinition] { all.filter { $0.commandRefusal == nil } }

    /// The sink of a name; nil if there is none.
    public static func named(_ name: String) -> SinkDefinition? { all.first { $0.name == name } }
}
