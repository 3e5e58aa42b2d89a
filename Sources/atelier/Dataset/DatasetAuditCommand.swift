import ArgumentParser
import Atelier
import Dataset
import MarketModel

/// `atelier dataset audit`.
///
/// Does any row know the future?
struct DatasetAuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract:
            "Cuts the log after some times, replaces what follows, and compares what was known by then.",
        discussion: """
            Rows that were emitted before the cut must be the same to the bit, labels that ended before it too. \
            The result is put into the dataset's manifest; if that cannot be written, it is only printed.

            Examples:
              atelier dataset audit set
              atelier dataset audit set --cuts 20 --json
              atelier dataset audit set --at 2026-08-09T21:06:00Z
            """
    )

    @OptionGroup var stored: StoredPlan

    @Option(help: "How many times to cut; each is cut in three ways.")
    var cuts = 4

    @Option(help: "Receive times to cut after instead (RFC 3339 or ns), separated by commas.")
    var at: String?

    @Flag(help: "Print the result as one JSON object.")
    var json = false

    mutating func validate() throws {
        if cuts < 1 { throw ValidationError("--cuts: found \(cuts), expected 1 or more") }
        _ = try times()
    }

    private func times() throws -> [Int64] {
        try (at ?? "").split(separator: ",").map { text in
            guard let time = TimeArgument(argument: String(text)) else {
                throw ValidationError("--at: found '\(text)', expected RFC 3339, a date or nanoseconds")
            }
            return time.nanoseconds
        }
    }

    mutating func run() throws {
        try DatasetExit.reporting {
            let manifest = try StoredManifest.read(stored.dataset)
            let plan = try stored.plan()
            let source = ReplayRowSource(recordings: stored.paths(plan))
            try check(source, manifest)
            let progress = DatasetProgress(isShown: !json)
            let report = try DatasetAudit.audit(
                plan,
                source,
                try CatalogFeatures(plan.features),
                count: cuts,
                times: try times(),
                work: stored.work,
                progress: { progress.step(.audit($0)) }
            )
            progress.end()
            try store(report)
            try report.conclude(json: json)
        }
    }
}

extension DatasetAuditCommand {
    /// An audit of other recordings says nothing about this set.
    private func check(
        _ source: ReplayRowSource,
        _ manifest: StoredManifest
    ) throws(DatasetError) {
        do throws(DatasetError) {
            _ = try manifest.compare(source.files)
        } catch {
            throw .damagedSet("the inputs are not those of the manifest: \(error)")
        }
    }

    /// A set that cannot be written keeps its last audit.
    private func store(_ report: AuditReport) throws(DatasetError) {
        do throws(DatasetError) {
            try StoredManifest.store(report, in: stored.dataset)
        } catch {
            guard case .folder = error else { throw error }
            Console.report("\(error): the result is only printed, the manifest stays as it was")
        }
    }
}

extension AuditReport {
    /// Prints the checks; a failed one ends with ``ExitCode/damage``.
    func conclude(json: Bool) throws {
        if json {
            try Console.result(self.json.compact)
        } else {
            for check in checks {
                try Console.result(
                    "\(check.isOK ? "ok    " : "FAILED")  \(PrintableText.escaped(check.name)): "
                        + PrintableText.escaped(check.detail)
                )
            }
        }
        if !isOK { throw ExitCode.damage }
    }
}
