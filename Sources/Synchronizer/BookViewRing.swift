/// The latest captures of a book, oldest first, each with the rows that show it; the memory is reused.
struct BookViewRing: Sendable {
    /// How many there may be, so that they take about 128 KB an instrument.
    static func limit(depth: Int, content: BookContent) -> Int {
        content == .totals ? 512 : min(64, max(4, 2048 / max(depth, 1)))
    }

    private let limit: Int
    private var views: [HeldBookView] = []
    private var rows: [ClosedRange<Int64>] = []
    private var head = 0
    private(set) var count = 0

    init(depth: Int, content: BookContent) { limit = BookViewRing.limit(depth: depth, content: content) }

    var isFull: Bool { count == limit }

    /// The rows of the oldest; nil if there is none.
    var firstRows: ClosedRange<Int64>? { count == 0 ? nil : rows[head] }

    /// The oldest; only if there is one.
    var first: HeldBookView { views[head] }

    /// Gives the oldest for `view`; only if there is one.
    mutating func exchangeFirst(_ view: inout HeldBookView) { swap(&views[head], &view) }

    /// Takes `view` as the latest and gives other memory in exchange; only if there is room.
    mutating func append(_ view: inout HeldBookView, rows new: ClosedRange<Int64>) {
        let place = wrapped(head + count)
        if place == views.count {
            views.append(HeldBookView())
            rows.append(new)
        }
        rows[place] = new
        swap(&views[place], &view)
        count += 1
    }

    /// Forgets the oldest; only if there is one.
    mutating func removeFirst() {
        count -= 1
        // Mostly there are few: their memory stays the same.
        head = count == 0 ? 0 : wrapped(head + 1)
    }

    mutating func removeAll() {
        head = 0
        count = 0
    }

    private func wrapped(_ place: Int) -> Int { place < limit ? place : place - limit }
}
