import ArgumentParser
import Dataset
import MarketFiles

/// `atelier dataset verify`.
///
/// Is the set what its manifest says, and does it come out the same again?
struct DatasetVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract:
            "Compares inputs and outputs with the manifest, builds again and names the first row that differs.",
        discussion: """
            Examples:
              atelier dataset verify set
              atelier dataset verify set --recordings /archive/day1 --json
            """
    )

    @OptionGroup var stored: StoredPlan

    @Option(help: "Threads; they change no byte of the set.")
    var threads = 1

    @Flag(help: "Print the result as one JSON object.")
    var json = false

    mutating func run() throws {
        try DatasetExit.reporting {
            let plan = try stored.plan()
            let progress = DatasetProgress(isShown: !json)
            let builder = try DatasetBuilder(
                plan,
                recordings: stored.recordings(plan),
                threads: threads,
                progress: progress
            )
            let verification = DatasetVerification(stored.dataset, plan: plan, code: Atelier.version)
            let files = try ReplayRowSource(recordings: stored.recordings(plan)).files
            let report = try verification.run(builder, inputs: files, compare: DatasetComparison.difference)
            progress.end()
            try report.conclude(json: json)
        }
    }
}
