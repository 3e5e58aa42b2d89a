import ArgumentParser
import MarketModel
import Sinks

/// The sinks for rows, by their names in `--sinks`.
struct SinkChoice: ExpressibleByArgument {
    private let names: [String]

    /// Parses comma-separated names; ``check()`` rejects unknown ones.
    init?(argument: String) {
        names = argument.split(separator: ",").map(String.init)
    }

    /// The argument as given, for the help.
    var defaultValueDescription: String { names.joined(separator: ",") }

    /// The sinks, in the order of their names.
    var sinks: [SinkDefinition] { names.compactMap(SinkCatalog.named) }

    /// Whether one of them writes into a folder.
    var needsFolder: Bool { sinks.contains(where: \.needsFolder) }

    /// Throws on an unknown name, suggesting the nearest, and on an empty list.
    func check() throws {
        let known = SinkCatalog.offered.map(\.name)
        if names.isEmpty {
            throw ValidationError("--sinks takes \(known.joined(separator: ", ")): found none")
        }
        for refused in sinks {
            if let reason = refused.refusal { throw ValidationError(reason) }
        }
        for name in names where SinkCatalog.named(name) == nil {
            throw ValidationError(
                "unknown sink '\(name)'; nearest: \(NearestName.nearest(to: name, of: known)) "
                    + "(known: \(known.joined(separator: ", ")))"
            )
        }
    }
}

extension SinkDefinition {
    /// The error text for a sink that only programs can use; nil for others.
    var refusal: String? {
        commandRefusal.map { "\($0); here take \(SinkCatalog.offered.map(\.name).joined(separator: " or "))" }
    }

    /// The sinks that write into a folder, in prose.
    static var namesWithFolder: String {
        SinkCatalog.offered.filter(\.needsFolder).map(\.name).joined(separator: " or ")
    }
}
