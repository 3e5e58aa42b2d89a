import ArgumentParser
import Parquet

/// Limits for reading a Parquet file.
struct ParquetLimits: ParsableArguments {
    @Option(
        help:
            "The most bytes of a page of a Parquet file, as stored and as expanded (2GiB is the format's own end)."
    )
    var maxPage: ByteCountArgument?

    @Option(help: "The most bytes of the footer of a Parquet file.")
    var maxFooter: ByteCountArgument?

    /// The options for a reader; the limit for all open pages grows with that for one.
    var options: ParquetReaderOptions {
        var options = ParquetReaderOptions()
        options.maximumFooterBytes = maxFooter?.bytes ?? options.maximumFooterBytes
        if let page = maxPage?.bytes {
            options.maximumPageBytes = page
            options.maximumOpenPageBytes = max(options.maximumOpenPageBytes, min(page, 1 << 40) * 2)
        }
        return options
    }

    /// Whether neither limit was given.
    var isUsual: Bool { maxPage == nil && maxFooter == nil }

    /// How to change a limit; nil if no option does.
    static func option(for limit: ReaderLimit) -> String? {
        switch limit {
        case .page, .pageHeader: "a larger --max-page"
        case .row: "fewer columns at once by --column"
        case .openPages: "fewer columns at once by --column, or a larger --max-page"
        case .footer, .pageIndex: "a larger --max-footer"
        case .table, .names, .depth: nil
        }
    }
}
