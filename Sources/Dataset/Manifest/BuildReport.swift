/// Everything a build knows of its dataset, for the manifest and the data card.
public struct BuildReport: Sendable {
    /// A fold: its parts, their content, its scales.
    package struct FoldReport: Sendable {
        package var fold: Fold
        package var parts: [PartSurvey]
        /// The scales of the set's features, an instrument; nil for no scaling.
        package var scales: [[FeatureScale]]?
    }

    package var plan: DatasetPlan
    package var code: String
    /// The features of the set.
    package var columns: [FeatureColumn]
    package var series: [PreparedRows.Series]
    package var source: RowSourceReport
    package var embargo: Int64
    package var folds: [FoldReport] = []
    package var inputs: [FileDigest] = []
    package var outputs: [FileDigest] = []
    package var undefined: [(feature: String, instrument: String)]
    /// Features of the plan without any value, which the set omits.
    package var leftOut: [String]
    /// Features with one value only.
    package var constant: [String]
    package var audit: AuditReport?

    init(rows: PreparedRows, code: String) {
        plan = rows.plan
        columns = rows.used.map { rows.columns[$0] }
        series = rows.series
        source = rows.report
        embargo = rows.embargo
        undefined = rows.undefined
        leftOut = rows.leftOut
        constant = rows.constant
        self.code = code
    }

    /// Whether recordings are damaged, or the audit found a row that knew the future.
    public var isDamaged: Bool { source.isDamaged || audit?.isOK == false }

    /// Whether labels start from a row that could be acted on.
    package var isTradable: Bool { plan.entry == .tradable }
}
