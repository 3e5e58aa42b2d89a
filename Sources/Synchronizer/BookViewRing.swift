/// The latest captures of a book, oldest first, each with the rows that show it.
///
/// Memory is reused.
struct BookViewRing: Sendable {
    /// The capacity that keeps an instrument's captures at about 128 KB.
    static func limit(depth: Int, content: BookContent) -> Int {
        content == .totals ? 512 : min(64, max(4, 2048 / max(depth, 1)))
    }

    private struct Kept: Sendable {
        var view: BoxedBookView
        var first: Int64
        var last: Int64

        mutating func replace(_ other: inout BoxedBookView, _ rows: ClosedRange<Int64>) {
            first = rows.lowerBound
            last = rows.upperBound
            swap(&view, &other)
        }
    }

    private let limit: Int
    private var kept: [Kept] = []
    private var head = 0
    private(set) var count = 0

    init(depth: Int, content: BookContent) { limit = BookViewRing.limit(depth: depth, content: content) }

    var isFull: Bool { count == limit }

    /// The rows that the oldest capture serves; nil if there is none.
    var firstRows: ClosedRange<Int64>? { count == 0 ? nil : kept[head].first...kept[head].last }

    /// Whether there is an oldest capture and `row` is beyond the rows it serves.
    @inline(__always)
    func isBehind(_ row: Int64) -> Bool { count > 0 && kept[head].last < row }

    /// The oldest capture.
    ///
    /// Precondition: there is one.
    var first: BoxedBookView { kept[head].view }

    /// Swaps the oldest capture with `view`.
    ///
    /// Precondition: there is one.
    mutating func exchangeFirst(_ view: inout BoxedBookView) { swap(&kept[head].view, &view) }

    /// If `row` is the last to show the oldest capture, swaps it into `view` and removes it; returns
    /// whether it did.
    @inline(__always)
    mutating func takeFirst(_ view: inout BoxedBookView, lastFor row: Int64) -> Bool {
        guard count > 0, kept[head].last == row, kept[head].first <= row else { return false }
        exchangeFirst(&view)
        removeFirst()
        return true
    }

    /// Appends `view`, which receives other memory in exchange.
    ///
    /// Precondition: there is room.
    @inline(__always)
    mutating func append(_ view: inout BoxedBookView, rows: ClosedRange<Int64>) {
        let index = wrapped(head &+ count)
        if index == kept.count { kept.append(Kept(view: BoxedBookView(), first: 0, last: 0)) }
        kept[index].replace(&view, rows)
        count &+= 1
    }

    /// The captures with their rows, oldest first.
    var captures: [(rows: ClosedRange<Int64>, view: BookView)] {
        (0..<count).map { offset in
            let one = kept[wrapped(head &+ offset)]
            return (one.first...one.last, one.view.view)
        }
    }

    /// Removes the oldest capture.
    ///
    /// Precondition: there is one.
    mutating func removeFirst() {
        count &-= 1
        // Restarting at 0 when empty reuses the same few elements' memory.
        head = count == 0 ? 0 : wrapped(head &+ 1)
    }

    mutating func removeAll() {
        head = 0
        count = 0
    }

    @inline(__always)
    private func wrapped(_ index: Int) -> Int { index < limit ? index : index &- limit }
}
