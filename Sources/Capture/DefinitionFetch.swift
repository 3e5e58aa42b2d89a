import Exchanges
import MarketModel

/// Requests all of a market's definitions page by page, as a pure value.
struct DefinitionFetch: Sendable {
    private var queries: ArraySlice<String>
    private var cursor: String?
    private var pages = 0
    private var bytes = 0
    /// The symbols so far.
    private(set) var symbols: [String] = []
    /// Entries without a symbol.
    private(set) var lost = 0

    /// A working venue has fewer pages.
    static let pageLimit = 64
    /// The most bytes of all pages together.
    static let byteLimit = 64 << 20

    init(_ queries: [String]) { self.queries = queries[...] }

    /// The path to request next; nil when all pages are here.
    var path: String? {
        guard let query = queries.first else { return nil }
        return cursor.map { DefinitionPage.path(query, cursor: $0) } ?? query
    }

    /// Adds the page at ``path``.
    mutating func append(_ page: DefinitionPage, size: Int) throws(DefinitionFault) {
        symbols += page.list.definitions.map(\.symbol)
        lost += page.list.lost
        pages += 1
        bytes += size
        if let next = page.next, next == cursor { throw .unreadable("a page names itself as the next") }
        guard pages < Self.pageLimit || (page.next == nil && queries.count == 1) else {
            throw .unreadable("more than \(Self.pageLimit) pages")
        }
        guard bytes <= Self.byteLimit else { throw .unreadable("more than \(Self.byteLimit) bytes in all") }
        cursor = page.next
        if cursor == nil { queries = queries.dropFirst() }
    }
}
