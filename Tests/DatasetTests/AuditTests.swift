import Dataset
import Foundation
import Testing

@Suite
struct AuditTests {
    private func audit(_ source: SyntheticSource, _ entries: [(String, String)] = []) throws -> AuditReport {
        let folder = try ScratchFolder()
        let plan = try BuildTests.plan(entries)
        return try DatasetAudit.audit(
            plan,
            source,
            try CatalogFeatures(plan.features),
            count: 8,
            times: [],
            beside: folder.path + "/set",
            progress: { _ in }
        )
    }

    @Test(
        arguments: ["aggregate-extended", "microstructure,book:3", "aggregate"],
        ["tradable", "row"]
    )
    func honestFeaturesPass(features: String, entry: String) throws {
        let report = try audit(SyntheticSource(), [("features", features), ("entry", entry)])
        #expect(report.checks.count == 24)
        for check in report.checks { #expect(check.isOK, "\(check.name): \(check.detail)") }
        #expect(report.checks.contains { !$0.detail.hasPrefix("0 rows") })
    }

    @Test
    func aFeatureThatKnowsTheNextRowIsCaught() throws {
        let report = try audit(SyntheticSource(isLeaking: true))
        #expect(!report.isOK)
        let caught = try #require(report.checks.first { !$0.isOK })
        #expect(caught.detail.contains("feature trade_vwap was "))
        #expect(report.checks.filter { !$0.isOK }.count > 8)
    }

    @Test
    func everyChosenTimeIsCutInThreeWays() throws {
        let folder = try ScratchFolder()
        let plan = try BuildTests.plan()
        let time = SyntheticSource.start + 10_000_000_000
        let report = try DatasetAudit.audit(
            plan,
            SyntheticSource(),
            try CatalogFeatures(plan.features),
            count: 1,
            times: [time],
            beside: folder.path + "/set",
            progress: { _ in }
        )
        #expect(report.checks.count == 3)
        #expect(report.isOK)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
}
