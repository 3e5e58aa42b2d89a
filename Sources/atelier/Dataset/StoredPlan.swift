import ArgumentParser
import Dataset

/// A dataset that is there, and the plan it was made from.
struct StoredPlan: ParsableArguments {
    @Argument(help: "The dataset's folder.", completion: .directory)
    var dataset: String

    @Option(help: "Where the recordings are now, if elsewhere: PATH,…")
    var recordings: String?

    func plan() throws -> DatasetPlan { try DatasetPlan(try PlanFile.read(dataset + "/plan.toml")) }

    /// The recordings as they are now.
    func recordings(_ plan: DatasetPlan) -> [String] {
        recordings.map { $0.split(separator: ",").map(String.init) } ?? plan.recordings
    }
}
