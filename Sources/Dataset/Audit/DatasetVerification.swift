import Foundation

/// Checks a dataset against its manifest, then builds it again and compares.
package struct DatasetVerification {
    private let folder: String
    private let plan: DatasetPlan
    private let code: String

    /// Verifies the dataset in `folder`, made from `plan`; `code` is what would make it now.
    package init(_ folder: String, plan: DatasetPlan, code: String) {
        var folder = folder
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        self.folder = folder
        self.plan = plan
        self.code = code
    }

    /// Compares inputs and outputs with their digests; builds again only if the inputs are those of the manifest.
    package func run(
        _ builder: DatasetBuilder,
        inputs: [String],
        compare: (String, String) -> String?
    ) throws(DatasetError) -> AuditReport {
        let manifest = try StoredManifest.read(folder)
        var report = AuditReport()
        report.checks.append(try check(inputs, manifest))
        report.checks.append(try outputs(manifest))
        guard report.checks[0].isOK else {
            report.checks.append(
                .init(
                    name: "rebuild",
                    isOK: false,
                    detail: "refused: the inputs are not those of the manifest"
                )
            )
            return report
        }
        report.checks.append(try rebuild(builder, manifest, compare))
        return report
    }

    private func check(
        _ inputs: [String],
        _ manifest: StoredManifest
    ) throws(DatasetError) -> AuditReport.Check {
        guard inputs.count == manifest.inputs.count else {
            let detail = "found \(inputs.count) files, expected \(manifest.inputs.count)"
            return .init(name: "inputs", isOK: false, detail: detail)
        }
        for (path, file) in zip(inputs, manifest.inputs) {
            let found = try FileDigest.of(path, name: path)
            guard found.sha256 == file.sha256 else {
                let detail = "\(path): found SHA-256 \(found.sha256), expected \(file.sha256)"
                return .init(name: "inputs", isOK: false, detail: detail)
            }
        }
        return .init(name: "inputs", isOK: true, detail: "\(manifest.inputs.count) files have their digests")
    }

    private func outputs(_ manifest: StoredManifest) throws(DatasetError) -> AuditReport.Check {
        let present = WorkFolder.files(below: folder).filter { $0 != "manifest.json" }
        let listed = manifest.outputs.map(\.path)
        if let file = listed.first(where: { !present.contains($0) }) {
            return .init(name: "outputs", isOK: false, detail: "\(file) is missing")
        }
        if let file = present.first(where: { !listed.contains($0) }) {
            return .init(name: "outputs", isOK: false, detail: "\(file) is not in the manifest")
        }
        for file in manifest.outputs {
            let found = try FileDigest.of(folder + "/" + file.path, name: file.path)
            guard found.sha256 == file.sha256 else {
                let detail = "\(file.path): found SHA-256 \(found.sha256), expected \(file.sha256)"
                return .init(name: "outputs", isOK: false, detail: detail)
            }
        }
        return .init(name: "outputs", isOK: true, detail: "\(listed.count) files have their digests")
    }

    private func rebuild(
        _ builder: DatasetBuilder,
        _ manifest: StoredManifest,
        _ compare: (String, String) -> String?
    ) throws(DatasetError) -> AuditReport.Check {
        let target = folder + ".verify"
        defer { try? FileManager.default.removeItem(atPath: target) }
        _ = try builder.build(to: target, replacing: true)
        // Files of data first: they name a row.
        let data = manifest.outputs.filter { $0.path.contains("/") }
        let texts = manifest.outputs.filter { !$0.path.contains("/") }
        for file in data + texts {
            if let difference = compare(folder + "/" + file.path, target + "/" + file.path) {
                var detail = "\(file.path): \(difference)"
                if manifest.code != code { detail += " (made by \(manifest.code), this is \(code))" }
                return .init(name: "rebuild", isOK: false, detail: detail)
            }
        }
        return .init(
            name: "rebuild",
            isOK: true,
            detail: "\(manifest.outputs.count) files are the same to the byte"
        )
    }
}
