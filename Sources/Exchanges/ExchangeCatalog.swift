/// All exchanges, in the order of their names.
///
/// To add one: a folder with the same files as the others, and its name here; contract tests run over
/// the catalog.
public enum ExchangeCatalog {
    /// All of them.
    public static let all: [Exchange] = [.bybit, .coinbase, .kraken]

    /// The exchange of a name; nil if there is none.
    public static func named(_ name: String) -> Exchange? { all.first { $0.name == name } }

    /// The exchange whose decoder reads a protocol; nil if there is none.
    public static func speaking(_ protocolID: String) -> Exchange? {
        all.first { $0.protocolID == protocolID }
    }
}
