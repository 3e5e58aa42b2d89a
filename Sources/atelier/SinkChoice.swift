import ArgumentParser
import MarketModel

/// The sinks that rows can go to, by the names of `--sinks`.
struct SinkChoice: Equatable, ExpressibleByArgument {
    /// Names known.
    static let known = ["parquet", "terminal"]

    /// What is said to those who ask for the sink that programs use.
    static let channelText =
        "the sink 'channel' hands rows to readers in its own process, so it is for programs that use the library "
        + "(docs/RECORD.md shows one of ten lines); here take \(known.joined(separator: " or "))"

    let names: [String]

    init(names: [String]) { self.names = names }

    /// Reads names with commas between them; ``check()`` says which are not known.
    init?(argument: String) {
        names = argument.split(separator: ",").map(String.init)
    }

    /// As it is given, for the help.
    var defaultValueDescription: String { names.joined(separator: ",") }

    var hasParquet: Bool { names.contains("parquet") }
    var hasTerminal: Bool { names.contains("terminal") }

    /// Throws for a name that is not known, naming the nearest, and for none at all.
    func check() throws {
        if names.isEmpty {
            throw ValidationError("--sinks takes \(Self.known.joined(separator: ", ")): found none")
        }
        if names.contains("channel") {
            throw ValidationError(Self.channelText)
        }
        for name in names where !Self.known.contains(name) {
            throw ValidationError(
                "unknown sink '\(name)'; nearest: \(NearestName.nearest(to: name, of: Self.known)) "
                    + "(known: \(Self.known.joined(separator: ", ")))"
            )
        }
    }
}
