/// Builds a dataset: replay → rows → features → labels → parts → scales → files.
///
/// Memory is bounded by the window, the longest horizon and a row group; rows are in temporary files beside
/// the output, which gets its name when complete.
public struct DatasetBuilder {
    private let plan: DatasetPlan
    private let source: any RowSource
    private let features: any RowFeatures
    private let makeSink: (OutputFormat) -> any DatasetSink
    private let threads: Int
    /// The version that made the dataset, as the manifest names it.
    private let code: String
    private let progress: (BuildStep) -> Void

    package init(
        _ plan: DatasetPlan,
        source: any RowSource,
        features: any RowFeatures,
        code: String,
        threads: Int = 1,
        makeSink: @escaping (OutputFormat) -> any DatasetSink,
        progress: @escaping (BuildStep) -> Void = { _ in }
    ) {
        self.plan = plan
        self.source = source
        self.features = features
        self.code = code
        self.threads = threads
        self.makeSink = makeSink
        self.progress = progress
    }

    /// Builds the dataset in the folder `target`, which must not exist unless it is to be replaced.
    ///
    /// `inputNames` are the paths under which the recordings are listed, in order; nil: those they have.
    public func build(
        to target: String,
        replacing: Bool,
        inputNames: [String]? = nil
    ) throws(DatasetError) -> BuildReport {
        let work = try WorkFolder(for: target, replacing: replacing)
        let spill = try work.make("spill")
        var rows = try PreparedRows.prepare(
            plan,
            source,
            features,
            in: spill,
            threads: threads,
            progress: { progress(.rows($0)) }
        )
        try rows.chooseColumns()
        var report = try folds(rows, in: work)
        if plan.audit > 0 {
            let audit = DatasetAudit(rows, source, features, folder: spill)
            report.audit = try audit.run(try audit.times(plan.audit)) { progress(.audit($0)) }
        }
        try work.remove("spill")
        try finish(&report, inputNames, in: work)
        return report
    }

    private func folds(_ rows: PreparedRows, in work: WorkFolder) throws(DatasetError) -> BuildReport {
        guard let decisions = rows.decisions else { throw .noRows("none was decided") }
        let folds = Fold.folds(plan.split, first: decisions.lowerBound, last: decisions.upperBound)
        var report = BuildReport(rows: rows, code: code)
        for (index, fold) in folds.enumerated() {
            let number = folds.count > 1 ? index : nil
            let writer = FoldWriter(rows: rows, fold: fold, number: number, threads: threads)
            let surveys = try writer.survey()
            try writer.check(surveys)
            let scales = try writer.fit()
            try write(writer, layout(rows, fold, number, surveys), scales, in: work)
            report.folds.append(BuildReport.FoldReport(fold: fold, parts: surveys, scales: scales))
        }
        return report
    }

    private func layout(
        _ rows: PreparedRows,
        _ fold: Fold,
        _ number: Int?,
        _ surveys: [PartSurvey]
    ) -> DatasetLayout {
        DatasetLayout(
            instruments: rows.series.map(\.instrument),
            features: rows.used.map { rows.columns[$0].name },
            labels: plan.labels.map(\.name),
            window: plan.window,
            isDouble: plan.isDouble,
            hasClassIndices: plan.labelType == .classIndex,
            isMaterialised: plan.isMaterialised,
            isPlain: plan.isPlain,
            fold: number,
            parts: zip(fold.spans, surveys).map { span, survey in
                DatasetLayout.Part(part: span.part, rows: survey.rows, samples: survey.samples)
            }
        )
    }

    private func write(
        _ writer: FoldWriter,
        _ layout: DatasetLayout,
        _ scales: [[FeatureScale]]?,
        in work: WorkFolder
    ) throws(DatasetError) {
        var sinks = plan.outputs.map(makeSink)
        for (index, format) in plan.outputs.enumerated() {
            try sinks[index].begin(layout, in: try work.make(format.rawValue))
        }
        var written = 0
        try writer.write(scales) { (row) throws(DatasetError) in
            for index in sinks.indices { try sinks[index].write(row) }
            written += 1
            if written % 1024 == 0 {
                progress(.writing(written, of: layout.parts.reduce(0) { $0 + $1.rows }))
            }
        }
        for index in sinks.indices { try sinks[index].finish() }
    }

    /// Adds plan, card and manifest with digests, then renames the folder.
    private func finish(
        _ report: inout BuildReport,
        _ inputNames: [String]?,
        in work: WorkFolder
    ) throws(DatasetError) {
        for (file, name) in zip(report.source.files, inputNames ?? report.source.files) {
            report.inputs.append(try FileDigest.of(file, name: name))
            report.source.rename(file, to: name)
        }
        try TextFile.write(plan.toml, to: work.path + "/plan.toml")
        try TextFile.write(DataCard(report).text, to: work.path + "/README.md")
        for file in DatasetFiles.all(below: work.path) where file != WorkFolder.mark {
            report.outputs.append(try FileDigest.of(work.path + "/" + file, name: file))
        }
        try TextFile.write(report.json.pretty, to: work.path + "/manifest.json")
        try work.publish()
    }
}
