import ByteCoding

/// Checks a dataset against its manifest, then builds it again and compares.
package struct DatasetVerification {
    private let folder: String
    private let work: String?
    private let code: String

    /// Verifies the dataset in `folder`; `code` is the version that would make it now.
    ///
    /// It is rebuilt in a fresh folder in `work`, or in the system's temporary folder if nil.
    package init(_ folder: String, work: String?, code: String) {
        self.folder = folder
        self.work = work
        self.code = code
    }

    /// Compares inputs and outputs with their digests; builds again only if inputs and plan are those of the manifest.
    ///
    /// `inputs` are the recordings' files as they are now, nil if the plan does not name them; `builder`
    /// rebuilds the set in a folder.
    package func run(
        inputs: () throws(DatasetError) -> [String]?,
        builder: () throws(DatasetError) -> DatasetBuilder,
        compare: (String, String) -> String?
    ) throws(DatasetError) -> AuditReport {
        let manifest = try StoredManifest.read(folder)
        var report = AuditReport()
        report.checks.append(
            check("inputs") { () throws(DatasetError) in
                try manifest.compare(inputs() ?? manifest.inputs.map(\.path))
            }
        )
        report.checks.append(
            check("outputs") { () throws(DatasetError) in try manifest.compareOutputs(in: folder) }
        )
        guard report.checks[0].isOK else {
            return refused(report, "the inputs are not those of the manifest")
        }
        let plan = try? FileDigest.of(folder + "/plan.toml", name: "plan.toml")
        guard let plan, manifest.outputs.contains(where: { $0.path == plan.path && $0.sha256 == plan.sha256 })
        else { return refused(report, "plan.toml is not that of the manifest") }
        try rebuild(builder(), manifest, compare, &report)
        return report
    }

    private func refused(_ report: AuditReport, _ why: String) -> AuditReport {
        var report = report
        for name in ["rebuild", "manifest"] {
            report.checks.append(.init(name: name, isOK: false, detail: "refused: \(why)"))
        }
        return report
    }

    /// Runs a comparison, which returns what it compared or throws the first difference.
    private func check(
        _ name: String,
        _ body: () throws(DatasetError) -> String
    ) -> AuditReport.Check {
        do throws(DatasetError) {
            return .init(name: name, isOK: true, detail: try body())
        } catch {
            return .init(name: name, isOK: false, detail: "\(error)")
        }
    }

    /// What made the set, where it is not what would make it now.
    private func other(_ manifest: StoredManifest) -> String {
        var texts: [String] = []
        if manifest.code != code { texts.append("made by \(manifest.code), this is \(code)") }
        if let zstd = manifest.zstd, zstd != Zstandard.libraryVersion {
            texts.append("compressed by zstd \(zstd), this is zstd \(Zstandard.libraryVersion)")
        }
        if manifest.version != StoredManifest.version {
            texts.append(
                "its manifest has version \(manifest.version), this writes \(StoredManifest.version)"
            )
        }
        return texts.isEmpty ? "" : " (\(texts.joined(separator: "; ")))"
    }

    private func rebuild(
        _ builder: DatasetBuilder,
        _ manifest: StoredManifest,
        _ compare: (String, String) -> String?,
        _ report: inout AuditReport
    ) throws(DatasetError) {
        let scratch = try TemporaryFolder(in: work)
        let target = scratch.path + "/set"
        let rebuilt = try builder.build(to: target, replacing: false, inputNames: manifest.inputs.map(\.path))
        // Data files first: their differences name a row.
        let names = rebuilt.outputs.map(\.path)
        let sorted = names.filter { $0.contains("/") } + names.filter { !$0.contains("/") }
        var difference: String?
        for name in sorted where difference == nil {
            difference = compare(folder + "/" + name, target + "/" + name).map { "\(name): \($0)" }
        }
        report.checks.append(
            .init(
                name: "rebuild",
                isOK: difference == nil,
                detail: difference.map { $0 + other(manifest) }
                    ?? "\(names.count) files are the same to the byte"
            )
        )
        report.checks.append(
            check("manifest") { () throws(DatasetError) in
                try StoredManifest.compare(folder, target)
                return "it says what building again says"
            }
        )
    }
}
