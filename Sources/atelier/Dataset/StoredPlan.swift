import ArgumentParser
import Atelier
import Dataset

/// A stored dataset, and the plan it was made from.
struct StoredPlan: ParsableArguments {
    @Argument(help: "The dataset's folder.", completion: .directory)
    var dataset: String

    @Option(help: "Where the recordings are now, if elsewhere: PATH,…")
    var recordings: String?

    @Option(
        help: "A folder to work in, which must exist (default: the system's for temporary files).",
        completion: .directory
    )
    var work: String?

    mutating func validate() throws {
        if recordings?.split(separator: ",").isEmpty == true {
            throw ValidationError("--recordings: found none, expected PATH,…")
        }
    }

    /// The stored plan; an invalid one is damage.
    func plan() throws(DatasetError) -> DatasetPlan {
        let path = dataset + "/plan.toml"
        do {
            return try DatasetPlan(try PlanFile.read(path), example: HelpExample.usual.instrument)
        } catch {
            let text = "\(error)"
            throw .damagedSet(text.hasPrefix(path) ? text : "\(path): \(text)")
        }
    }

    /// The files of the recordings now; nil if only an unreadable plan names them.
    func files() throws(DatasetError) -> [String]? {
        let plan = try? plan()
        guard recordings != nil || plan != nil else { return nil }
        return try ReplayRowSource(recordings: paths(plan ?? DatasetPlan())).files
    }

    /// The recordings as they are now.
    func paths(_ plan: DatasetPlan) -> [String] {
        recordings.map { $0.split(separator: ",").map(String.init) } ?? plan.recordings
    }
}
