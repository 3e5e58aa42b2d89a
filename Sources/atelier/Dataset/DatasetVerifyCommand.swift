import ArgumentParser
import Atelier
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
            The set is only read: it is built again in a fresh folder elsewhere, which is removed at the end.

            Examples:
              atelier dataset verify set
              atelier dataset verify set --recordings /archive/day1 --json
              atelier dataset verify /readonly/set --work /scratch
            """
    )

    @OptionGroup var stored: StoredPlan

    @OptionGroup var threads: ThreadCount

    @Flag(help: "Print the result as one JSON object.")
    var json = false

    mutating func run() throws {
        try DatasetExit.reporting {
            let progress = DatasetProgress(isShown: !json)
            let verification = DatasetVerification(stored.dataset, work: stored.work, code: Atelier.version)
            let report = try verification.run(
                inputs: { () throws(DatasetError) in try stored.files() },
                builder: { () throws(DatasetError) in
                    let plan = try stored.plan()
                    return try DatasetBuilder(
                        plan,
                        recordings: stored.paths(plan),
                        threads: threads.count,
                        progress: progress.step
                    )
                },
                compare: DatasetComparison.difference
            )
            progress.end()
            try report.conclude(json: json)
        }
    }
}
