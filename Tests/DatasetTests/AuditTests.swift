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
            work: folder.path,
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
            work: folder.path,
            progress: { _ in }
        )
        #expect(report.checks.count == 3)
        #expect(report.isOK)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test(arguments: [Int64(-1), 10_000_000_000_000])
    func aTimeOutsideTheLogIsNoCut(offset: Int64) throws {
        let folder = try ScratchFolder()
        let plan = try BuildTests.plan()
        let error = #expect(throws: DatasetError.self) {
            try DatasetAudit.audit(
                plan,
                SyntheticSource(),
                try CatalogFeatures(plan.features),
                count: 1,
                times: [SyntheticSource.start + offset],
                work: folder.path,
                progress: { _ in }
            )
        }
        guard case .cutOutside = error else {
            Issue.record("found \(String(describing: error))")
            return
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
}
