import ArgumentParser
import Dataset
import Features

/// `atelier dataset describe`: what a plan can request.
struct DatasetDescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Prints the features, labels and keys that a plan can name.",
        discussion: """
            Examples:
              atelier dataset describe --features
              atelier dataset describe --labels
              atelier dataset describe --features --json
            """
    )

    @Flag(help: "Features: formula, unit, warm-up, when undefined, source.")
    var features = false

    @Flag(help: "Labels: how they are written, formula, unit.")
    var labels = false

    @Flag(help: "Keys of a plan: what may stand there, defaults.")
    var keys = false

    @Flag(help: "Print one JSON object.")
    var json = false

    mutating func run() throws {
        let all = !features && !labels && !keys
        if json {
            try Console.result(jsonText(all))
            return
        }
        var sections: [String] = []
        if features || all { sections.append(featureText) }
        if labels || all { sections.append(labelText) }
        if keys || all { sections.append(keyText) }
        try Console.result(sections.joined(separator: "\n\n"))
    }

    private var featureText: String {
        var lines = ["feature sets: " + FeatureCatalog.setNames.joined(separator: ", "), ""]
        for info in FeatureCatalog.all() {
            lines.append("\(info.name) [\(info.unit)]")
            lines.append("    \(info.formula)")
            lines.append("    warm-up: \(info.warmUp) rows; undefined: \(info.undefined)")
            lines.append("    source: \(info.source)")
        }
        return lines.joined(separator: "\n")
    }

    private var labelText: String {
        LabelCatalog.entries.map { "\($0.form) [\($0.unit)]\n    \($0.formula)" }.joined(separator: "\n")
    }

    private var keyText: String {
        PlanKey.all.map { key in
            "\(key.name) = \(key.form)\n    \(key.summary)"
                + (key.standard.map { "; default \($0)" } ?? "; must be given")
        }
        .joined(separator: "\n")
    }

    private func jsonText(_ all: Bool) -> String {
        var members: [(String, JSONOutput)] = []
        if features || all {
            members.append(("sets", .array(FeatureCatalog.setNames.map { .string($0) })))
            members.append(("features", .array(FeatureCatalog.all().map(\.json))))
        }
        if labels || all {
            let entries = LabelCatalog.entries.map { entry in
                JSONOutput.object([
                    ("name", .string(entry.name)), ("form", .string(entry.form)),
                    ("formula", .string(entry.formula)), ("unit", .string(entry.unit)),
                ])
            }
            members.append(("labels", .array(entries)))
        }
        if keys || all {
            let entries = PlanKey.all.map { key in
                JSONOutput.object([
                    ("name", .string(key.name)), ("form", .string(key.form)),
                    ("summary", .string(key.summary)),
                    ("default", .optional(key.standard)),
                ])
            }
            members.append(("keys", .array(entries)))
        }
        return JSONOutput.object(members).text
    }
}

extension FeatureInfo {
    fileprivate var json: JSONOutput {
        .object([
            ("name", .string(name)), ("formula", .string(formula)), ("unit", .string(unit)),
            ("warm_up_rows", .integer(warmUp)), ("undefined", .string(undefined)),
            ("source", .string(source)),
        ])
    }
}
