import MarketModel

/// What a book showed at edges that its messages have passed but the clock has not.
///
/// A capture is taken when a message crosses an edge ahead of the clock; it holds the book as it was
/// before that message, for every row from the one after the previous capture through `row`.
struct BookHistory: Sendable {
    private struct Capture: Sendable {
        var row: Int64
        var view: BookView
    }

    private var captures: [Capture] = []
    private var head = 0
    private var spare: [BookView] = []
    /// The last row captured; rows after it show the book as it is.
    private(set) var through: Int64 = .min
    /// Rows through this one have lost their capture to the limit.
    private var lostThrough: Int64 = .min

    /// An empty view whose memory may have been used before.
    mutating func blank() -> BookView { spare.popLast() ?? BookView() }

    /// Keeps `view` for the rows through `row`; beyond `limit` captures the oldest is lost.
    mutating func add(_ view: BookView, through row: Int64, limit: Int64) {
        captures.append(Capture(row: row, view: view))
        through = row
        if Int64(captures.count - head) > max(limit, 1) {
            lostThrough = captures[head].row
            drop()
        }
    }

    /// The view for `row`, or nil if that is the book as it is.
    ///
    /// Rows are asked for in order.
    mutating func view(for row: Int64) -> BookView? {
        guard row <= through else { return nil }
        if row <= lostThrough { return BookView() }
        while head < captures.count, captures[head].row < row { drop() }
        return head < captures.count ? captures[head].view : nil
    }

    private mutating func drop() {
        if spare.count < 4 {
            spare.append(captures[head].view)
        }
        captures[head].view = BookView()
        head += 1
        if head == captures.count {
            captures.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 1024, head * 2 > captures.count {
            captures.removeSubrange(..<head)
            head = 0
        }
    }
}
