import ArgumentParser
import Parquet

/// What a command bounds of a Parquet file that it reads.
struct ParquetLimits: ParsableArguments {
    @Option(
        help:
            "The most bytes of a page of a Parquet file, as stored and as expanded (2GiB is the format's own end)."
    )
    var maxPage: ByteCountArgument?

    @Option(help: "The most bytes of the footer of a Parquet file.")
    var maxFooter: ByteCountArgument?

    /// The options for a reader; what all open pages take together grows with a page.
    var options: ParquetReaderOptions {
        var options = ParquetReaderOptions()
        options.maximumFooterBytes = maxFooter?.bytes ?? options.maximumFooterBytes
        if let page = maxPage?.bytes {
            options.maximumPageBytes = page
            options.maximumOpenPageBytes = max(options.maximumOpenPageBytes, min(page, 1 << 40) * 2)
        }
        return options
    }

    /// Whether neither limit was named.
    var isUsual: Bool { maxPage == nil && maxFooter == nil }

    /// What a person can do about a limit; nil where no option of the command moves it.
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
