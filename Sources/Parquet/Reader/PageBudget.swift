import ByteCoding

/// What the open pages of a row group may take together; many columns can each expand a few bytes to a large page.
final class PageBudget {
    private let limit: Int
    private var taken = 0

    init(limit: Int) { self.limit = limit }

    /// Counts more bytes, or fails at the page that is one too many.
    func reserve(_ bytes: Int, _ offset: Int64) throws(ParquetError) {
        taken += bytes
        guard taken <= limit else {
            throw .limit(.openPages, found: Int64(taken), limit: Int64(limit), offset: offset)
        }
    }
}
