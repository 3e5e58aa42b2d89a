import ByteCoding

/// Limits the open pages of a row group together: each column can expand a few bytes to a large page.
final class PageBudget {
    private let limit: Int
    private var taken = 0

    init(limit: Int) { self.limit = limit }

    /// Counts more bytes; throws at the page that exceeds the limit.
    func reserve(_ bytes: Int, _ offset: Int64) throws(ParquetError) {
        taken += bytes
        guard taken <= limit else {
            throw .limit(.openPages, found: Int64(taken), limit: Int64(limit), offset: offset)
        }
    }
}
