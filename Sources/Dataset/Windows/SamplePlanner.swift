/// Decides, row by row of one instrument, which part of a fold a row belongs to and whether it decides a
/// sample there.
///
/// A window of L rows ends at a row if they follow one another without gap, partial row or jump, in one
/// part. Of each such run the windows ending at its row L, L + stride, L + 2·stride … are candidates.
///
/// Dropped are those without any label, those whose label ends at or after the next boundary (purged), and
/// those deciding in `[boundary, boundary + embargo)`.
package struct SamplePlanner: Sendable {
    private let fold: Fold
    private let window: Int
    private let stride: Int
    private let embargo: Int64
    private let latency: Int64

    private var part: Int?
    private var run = 0

    /// Plans the samples of one instrument in one fold.
    package init(_ fold: Fold, window: Int, stride: Int, embargo: Int64, latency: Int64) {
        self.fold = fold
        self.window = window
        self.stride = stride
        self.embargo = embargo
        self.latency = latency
    }

    /// What becomes of a row.
    package enum Use: Equatable, Sendable {
        /// The row is in no part of the fold.
        case outside
        /// It belongs to a part, and decides a sample or not.
        case inside(part: Int, Fate)
    }

    /// Whether a row decides a sample, or why it does not.
    package enum Fate: Int, Sendable, CaseIterable {
        /// It decides a sample.
        case sample
        /// No window ends here: too few rows since a gap, a jump or the start of the part, or not a
        /// multiple of the stride.
        case noWindow
        /// No label has a value.
        case unlabelled
        /// A label ends at or after the next boundary.
        case purged
        /// It decides within the embargo.
        case embargoed
    }

    /// The decision time of a row known at `available`.
    package static func decision(_ available: Int64, latency: Int64) -> Int64 {
        let (sum, overflow) = available.addingReportingOverflow(latency)
        return overflow ? .max : sum
    }

    /// What becomes of the next row.
    package mutating func next(_ row: PathRow, _ labels: [LabelValue]) -> Use {
        let decision = SamplePlanner.decision(row.available, latency: latency)
        guard let index = fold.index(of: decision) else {
            part = nil
            run = 0
            return .outside
        }
        if index != part || row.startsAnew { run = 0 }
        part = index
        run = row.isBroken ? 0 : run + 1
        guard run >= window, (run - window) % stride == 0 else { return .inside(part: index, .noWindow) }
        return .inside(part: index, fate(labels, decision, fold.spans[index], isFirst: index == 0))
    }

    private func fate(_ labels: [LabelValue], _ decision: Int64, _ span: Fold.Span, isFirst: Bool) -> Fate {
        if !labels.isEmpty, labels.allSatisfy({ $0.value == nil }) { return .unlabelled }
        if let end = span.end, labels.contains(where: { $0.end >= end }) { return .purged }
        let (free, overflow) = span.begin.addingReportingOverflow(embargo)
        if !isFirst, overflow || decision < free { return .embargoed }
        return .sample
    }
}
