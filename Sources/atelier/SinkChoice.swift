import ArgumentParser
import MarketModel
import Sinks

/// The sinks that rows can go to, by the names of `--sinks`.
struct SinkChoice: ExpressibleByArgument {
    private let names: [String]

    /// Reads names with commas between them; ``check()`` says which are not known.
    init?(argument: String) {
        names = argument.split(separator: ",").map(String.init)
    }

    /// As it is given, for the help.
    var defaultValueDescription: String { names.joined(separator: ",") }

    /// The sinks, in the order of their names.
    var sinks: [SinkDefinition] { names.compactMap(SinkCatalog.named) }

    /// Whether one of them writes into a folder.
    var needsFolder: Bool { sinks.contains(where: \.needsFolder) }

    /// Throws for a name that is not known, naming the nearest, and for none at all.
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
    /// What is said to those who ask a command for a sink that programs use; nil for the others.
    var refusal: String? {
        commandRefusal.map { "\($0); here take \(SinkCatalog.offered.map(\.name).joined(separator: " or "))" }
    }

    /// The sinks that write into a folder, as texts say it.
    static var namesWithFolder: String {
        SinkCatalog.offered.filter(\.needsFolder).map(\.name).joined(separator: " or ")
    }
}
