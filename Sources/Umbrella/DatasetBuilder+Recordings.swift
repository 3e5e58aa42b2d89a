public import Dataset
import MarketFiles

extension DatasetBuilder {
    /// A builder of a plan's recordings: rows from replays, features of the catalog, files of this package.
    ///
    /// - Parameters:
    ///   - plan: what the set is of and how it is made.
    ///   - recordings: the recordings instead of those that the plan names.
    ///   - code: the version that the manifest names.
    ///   - threads: how many threads; they change no byte of the set.
    ///   - resume: a folder that a build with `saveState` wrote: its recordings, which must be the first here, are not
    ///     replayed again. The set has the bytes that it has without.
    ///   - saveState: the folder that gets the rows and the state at the end of the recordings, for builds to come; it
    ///     must not exist. Costs a copy of the rows (43 bytes and 9 a feature each), and one thread makes the rows.
    ///   - progress: called several times a second while it works.
    /// - Throws: ``DatasetError`` where a feature is unknown, or the folder of the state exists.
    public init(
        _ plan: DatasetPlan,
        recordings: [String]? = nil,
        code: String = AtelierData.version,
        threads: Int = 1,
        resume: String? = nil,
        saveState: String? = nil,
        progress: @escaping (BuildStep) -> Void = { _ in }
    ) throws(DatasetError) {
        let threads = max(1, threads)
        var source = ReplayRowSource(
            recordings: recordings ?? plan.recordings,
            threads: threads,
            progress: progress
        )
        let kept = KeptDatasetRows(resume: resume, save: saveState, plan: plan.rowLines, code: code)
        try kept.check()
        if kept.isUsed { source.kept = kept }
        self.init(
            plan,
            source: source,
            features: try CatalogFeatures(plan.features),
            code: code,
            threads: threads,
            makeSink: { DatasetSinks.sink($0, threads: threads) },
            progress: progress
        )
    }
}
