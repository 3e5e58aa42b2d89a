/// The latest captures of a book, oldest first, each with the rows that show it; the memory is reused.
struct BookViewRing: Sendable {
    /// How many there may be: at 50 levels a side some 50 KB an instrument.
    static let limit = 16

    private var views: [BookView] = []
    private var rows: [ClosedRange<Int64>] = []
    private var head = 0
    private(set) var count = 0

    var isFull: Bool { count == BookViewRing.limit }

    /// The rows of the oldest; nil if there is none.
    var firstRows: ClosedRange<Int64>? { count == 0 ? nil : rows[head] }

    /// The oldest; only if there is one.
    var first: BookView { views[head] }

    /// Takes `view` as the latest and gives other memory in exchange; only if there is room.
    mutating func append(_ view: inout BookView, rows new: ClosedRange<Int64>) {
        let place = (head + count) % BookViewRing.limit
        if place == views.count {
            views.append(BookView())
            rows.append(new)
        }
        rows[place] = new
        swap(&views[place], &view)
        count += 1
    }

    /// Forgets the oldest; only if there is one.
    mutating func removeFirst() {
        head = (head + 1) % BookViewRing.limit
        count -= 1
    }

    mutating func removeAll() {
        head = 0
        count = 0
    }
}
