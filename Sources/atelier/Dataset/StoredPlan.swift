import ArgumentParser
import Dataset

/// A dataset that is there, and the plan it was made from.
struct StoredPlan: ParsableArguments {
    @Argument(help: "The dataset's folder.", completion: .directory)
    var dataset: String

    @Option(help: "Where the recordings are now, if elsewhere: PATH,…")
    var recordings: String?

    func plan() throws -> DatasetPlan {
        var entries = try PlanFile.read(dataset + "/plan.toml")
        if let recordings { entries.append(("recordings", .text(recordings))) }
        return try DatasetPlan(entries)
    }
}
