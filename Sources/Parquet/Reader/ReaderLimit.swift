/// What a reader limits, so that a file's claims do not decide how much memory it takes.
public enum ReaderLimit: String, Sendable {
    /// ``ParquetReaderOptions/maximumFooterBytes``.
    case footer = "the footer"
    /// ``ParquetReaderOptions/maximumFooterBytes`` for the indexes of pages.
    case pageIndex = "a page index"
    /// ``ParquetReaderOptions/maximumPageBytes``.
    case page = "a page"
    /// ``ParquetReaderOptions/maximumPageBytes`` for the header in front of a page.
    case pageHeader = "a page header"
    /// ``ParquetReaderOptions/maximumOpenPageBytes``.
    case openPages = "the memory of the pages of all columns"
    /// ``ParquetReaderOptions/maximumFixedBytes`` for one row.
    case row = "the memory of one row"
    /// ``ParquetReaderOptions/maximumTableBytes``.
    case table = "the memory of all rows"
    /// Bytes of all column paths together; fixed.
    case names = "the length of all column paths"
    /// Groups within groups; fixed.
    case depth = "the depth of the schema"

    /// What a person can do about it.
    var advice: String {
        switch self {
        case .footer, .pageIndex: "a larger maximumFooterBytes"
        case .page, .pageHeader: "a larger maximumPageBytes"
        case .openPages: "fewer columns at once, or a larger maximumOpenPageBytes"
        case .row: "fewer columns at once, or a larger maximumFixedBytes"
        case .table: "batches, or a larger maximumTableBytes"
        case .names, .depth: "a file with a smaller schema; this limit is fixed"
        }
    }
}
