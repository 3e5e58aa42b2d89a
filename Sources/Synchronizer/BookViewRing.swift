/// The latest captures of a book, oldest first, each with the rows that show it; the memory is reused.
struct BookViewRing: Sendable {
    /// How many there may be, so that they take about 128 KB an instrument.
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

    /// The rows of the oldest; nil if there is none.
    var firstRows: ClosedRange<Int64>? { count == 0 ? nil : kept[head].first...kept[head].last }

    /// Whether there is an oldest one, and only rows before `row` show it.
    @inline(__always)
    func isBehind(_ row: Int64) -> Bool { count > 0 && kept[head].last < row }

    /// The oldest; only if there is one.
    var first: BoxedBookView { kept[head].view }

    /// Gives the oldest for `view`; only if there is one.
    mutating func exchangeFirst(_ view: inout BoxedBookView) { swap(&kept[head].view, &view) }

    /// Gives the oldest for `view` and forgets it if `row` is the last to show it; whether it was.
    @inline(__always)
    mutating func takeFirst(_ view: inout BoxedBookView, lastFor row: Int64) -> Bool {
        guard count > 0, kept[head].last == row, kept[head].first <= row else { return false }
        exchangeFirst(&view)
        removeFirst()
        return true
    }

    /// Takes `view` as the latest and gives other memory in exchange; only if there is room.
    @inline(__always)
    mutating func append(_ view: inout BoxedBookView, rows: ClosedRange<Int64>) {
        let index = wrapped(head &+ count)
        if index == kept.count { kept.append(Kept(view: BoxedBookView(), first: 0, last: 0)) }
        kept[index].replace(&view, rows)
        count &+= 1
    }

    /// Forgets the oldest; only if there is one.
    mutating func removeFirst() {
        count &-= 1
        // Mostly there are few: their memory stays the same.
        head = count == 0 ? 0 : wrapped(head &+ 1)
    }

    mutating func removeAll() {
        head = 0
        count = 0
    }

    @inline(__always)
    private func wrapped(_ index: Int) -> Int { index < limit ? index : index &- limit }
}
