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
    ///   - progress: called several times a second while it works.
    /// - Throws: ``DatasetError`` where a feature is unknown.
    public init(
        _ plan: DatasetPlan,
        recordings: [String]? = nil,
        code: String = AtelierData.version,
        threads: Int = 1,
        progress: @escaping (BuildStep) -> Void = { _ in }
    ) throws(DatasetError) {
        let threads = max(1, threads)
        self.init(
            plan,
            source: ReplayRowSource(
                recordings: recordings ?? plan.recordings,
                threads: threads,
                progress: progress
            ),
            features: try CatalogFeatures(plan.features),
            code: code,
            threads: threads,
            makeSink: { DatasetSinks.sink($0, threads: threads) },
            progress: progress
        )
    }
}
