import ArgumentParser
import Atelier
import Dataset
import MarketModel

/// `atelier dataset build`: makes a training set from recordings.
struct DatasetBuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Builds a training set: rows, features, labels, windows, parts, files.",
        discussion: """
            Every key of a plan is a flag here; flags overrule the plan. docs/DATASETS.md says what each means.

            Examples:
              atelier dataset build session.mcap --out set
              atelier dataset build day1/ day2/ --clock trade-driven --features microstructure,book:10 \\
                --labels direction:10,direction:50 --window 32 --out set
              atelier dataset build --plan plan.toml --split walk-forward:folds=4,train=0.5 --out set
              atelier dataset build day1/ day2/ --resume day1.state --save-state day2.state --out set2
            """
    )

    @OptionGroup var plan: PlanOptions

    @Option(help: "The dataset's folder; must not exist.", completion: .directory)
    var out: String

    @Option(
        help: ArgumentHelp(
            "Put the rows and the state at the end of the recordings into this new folder, for --resume.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var saveState: String?

    @Option(
        help: ArgumentHelp(
            "Go on from such a folder: its recordings come first, and only later ones are replayed.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var resume: String?

    @OptionGroup var threads: ThreadCount

    @Flag(help: "Replace the dataset that is there.")
    var force = false

    @Flag(help: "Print the manifest as one JSON object.")
    var json = false

    mutating func run() throws {
        try DatasetExit.reporting {
            let plan = try DatasetPlan(try plan.entries(), example: HelpExample.usual.instrument)
            let progress = DatasetProgress(isShown: !json)
            let builder = try DatasetBuilder(
                plan,
                threads: threads.count,
                resume: resume,
                saveState: saveState,
                progress: progress.step
            )
            let report = try builder.build(to: out, replacing: force)
            progress.end()
            for line in report.warnings { Console.report(line) }
            try Console.result(json ? report.json.compact : text(report))
            if report.isDamaged { throw ExitCode.damage }
        }
    }

    private func text(_ report: BuildReport) -> String {
        var lines = ["\(out): \(report.columns.count) features, \(report.plan.labels.count) labels"]
        var rows: [[String]] = []
        for (number, fold) in report.folds.enumerated() {
            for (span, survey) in zip(fold.fold.spans, fold.parts) {
                let fates = [SamplePlanner.Fate.noWindow, .unlabelled, .purged, .embargoed]
                rows.append(
                    ["\(number) \(span.part.rawValue)", "\(survey.rows)", "\(survey.samples)"]
                        + fates.map { "\(survey[$0])" }
                )
            }
        }
        let header = ["part", "rows", "samples", "no window", "unlabelled", "purged", "embargoed"]
        lines.append(TextTable(header: header, rows: rows).text)
        lines.append("how to load it: \(out)/README.md")
        return lines.joined(separator: "\n")
    }
}
