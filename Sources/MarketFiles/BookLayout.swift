/// How order books are laid out in files.
public enum BookLayout: String, CaseIterable, Sendable {
    /// A row a level: side, level (0 = best), price, size.
    case long
    /// A row a book: `bid_px_00, ask_px_00, bid_sz_00, ask_sz_00, …`, null where there is no level.
    case wide
}
