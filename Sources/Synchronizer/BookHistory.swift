import MarketModel
import OrderBooks

/// What a book showed at edges that its messages have crossed but the clock has not reached yet.
///
/// A message that crosses an edge ahead of the clock first captures the book, for every row after the
/// previous capture through that edge. Recent captures are kept whole; older ones as differences, some 300
/// bytes each.
struct BookHistory: Sendable {
    /// Where the book is that a row shows.
    enum Source: Sendable {
        /// The live book: no message has crossed the row's edge.
        case live
        /// Moved from the history, since no later row shows it.
        case taken
        /// In the history.
        case history
    }

    private struct Capture: Sendable {
        var rows: ClosedRange<Int64>
        var state: OrderBook.State
        var isCrossed: Bool
        var time: Int64
        var exchangeTime: Int64?
        var receiveTime: Int64
        var totals: BookTotals
        var bids: Int
        var asks: Int
        /// Where its levels end.
        var end: Int

        /// Rows show only synced books.
        var isShown: Bool { state == .synced }
    }

    private var captures: [Capture] = []
    /// The first capture that the clock has not passed.
    private var head = 0
    private var levels = PackedLevels()
    /// The last capture added: the next one is stored as its difference from it.
    private var last = BookView()
    /// The first capture not unpacked yet; the one before it is in `front`.
    private var unpacked = 0
    private var front = BoxedBookView()
    private var spare = BookView()
    /// The latest captures.
    private var recent: BookViewRing
    private var showsRecent = false
    /// The last row captured; later rows read the live book.
    private(set) var through: Int64 = .min

    /// A history that keeps `content` of a book, at `depth` levels a side.
    init(depth: Int, content: BookContent) { recent = BookViewRing(depth: depth, content: content) }

    /// The number of captures kept, including recent ones that the clock has passed but that are not
    /// dropped yet.
    var count: Int { captures.count - head + recent.count }

    /// Swaps `view` with the capture that the last ``seek(_:into:)`` found; a second call swaps back.
    mutating func exchange(_ view: inout BoxedBookView) {
        if showsRecent { recent.exchangeFirst(&view) } else { swap(&front, &view) }
    }

    /// The memory of the captures, bytes.
    var byteCount: Int { levels.end + captures.count * MemoryLayout<Capture>.stride }

    /// Captures `view` for the rows after ``through`` up to and including `row`; rows through `emitted` are
    /// never read again.
    ///
    /// `view` receives other memory with arbitrary content.
    @inline(__always)
    mutating func add(_ view: inout BoxedBookView, emitted: Int64, through row: Int64) {
        if recent.isFull || !captures.isEmpty { makeRoom(emitted) }
        recent.append(&view, rows: (max(emitted, through) &+ 1)...row)
        through = row
    }

    @inline(never)
    private mutating func makeRoom(_ emitted: Int64) {
        while let rows = recent.firstRows, rows.upperBound <= emitted { recent.removeFirst() }
        if let last = captures.last, last.rows.upperBound <= emitted { removeAll() }
        if recent.isFull, let rows = recent.firstRows {
            append(recent.first.view, rows: rows)
            recent.removeFirst()
        }
    }

    private mutating func append(_ view: borrowing BookView, rows: ClosedRange<Int64>) {
        let isShown = view.state == .synced
        if isShown {
            levels.append(view.bids, after: last.bids, isBid: true)
            levels.append(view.asks, after: last.asks, isBid: false)
            last.copyLevels(view)
        }
        captures.append(
            Capture(
                rows: rows,
                state: view.state,
                isCrossed: view.isCrossed,
                time: view.time,
                exchangeTime: view.exchangeTime,
                receiveTime: view.receiveTime,
                totals: view.totals,
                bids: isShown ? view.bids.count : 0,
                asks: isShown ? view.asks.count : 0,
                end: levels.end
            )
        )
    }

    /// Finds the book that `row` shows; the last row to show a recent capture gets it in `view`.
    ///
    /// Rows are read in order. A row whose capture was not kept shows a book awaiting its snapshot.
    @inline(__always)
    mutating func seek(_ row: Int64, into view: inout BoxedBookView) -> Source {
        if row > through {
            if count > 0 { forget() }
            return .live
        }
        // The common case: the oldest capture serves this row only.
        if captures.isEmpty, recent.takeFirst(&view, lastFor: row) { return .taken }
        return find(row, into: &view)
    }

    /// Drops all captures: every row they serve was read or skipped.
    @inline(never)
    private mutating func forget() {
        removeAll()
        recent.removeAll()
    }

    @inline(never)
    private mutating func find(_ row: Int64, into view: inout BoxedBookView) -> Source {
        while recent.isBehind(row) { recent.removeFirst() }
        if recent.takeFirst(&view, lastFor: row) {
            if !captures.isEmpty { removeAll() }
            showsRecent = false
            return .taken
        }
        showsRecent = recent.firstRows?.contains(row) == true
        if showsRecent {
            if !captures.isEmpty { removeAll() }
        } else {
            seekPacked(row)
        }
        return .history
    }

    private mutating func seekPacked(_ row: Int64) {
        while head < captures.count, captures[head].rows.upperBound < row { head += 1 }
        guard head < captures.count, captures[head].rows.contains(row) else {
            front.view.state = .awaitingSnapshot
            return
        }
        while unpacked <= head { unpackNext() }
        describe(captures[head])
        if head >= 1024, head * 2 > captures.count { compact() }
    }

    private mutating func unpackNext() {
        let capture = captures[unpacked]
        let start = unpacked == 0 ? 0 : captures[unpacked - 1].end
        unpacked += 1
        guard capture.isShown else { return }
        spare.bids.removeAll(keepingCapacity: true)
        spare.asks.removeAll(keepingCapacity: true)
        let middle = levels.read(capture.bids, at: start, after: front.view.bids, into: &spare.bids)
        _ = levels.read(capture.asks, at: middle, after: front.view.asks, into: &spare.asks)
        swap(&front.view, &spare)
    }

    private mutating func describe(_ capture: Capture) {
        front.view.state = capture.state
        front.view.isCrossed = capture.isCrossed
        front.view.time = capture.time
        front.view.exchangeTime = capture.exchangeTime
        front.view.receiveTime = capture.receiveTime
        front.view.totals = capture.totals
    }

    private mutating func removeAll() {
        captures.removeAll(keepingCapacity: true)
        levels.removeAll()
        head = 0
        unpacked = 0
        last.removeLevels()
        front.view.removeLevels()
    }

    /// Drops the captures behind the clock; `front` replaces them.
    private mutating func compact() {
        let start = captures[head - 1].end
        levels.removeFirst(start)
        captures.removeFirst(head)
        for index in captures.indices { captures[index].end -= start }
        unpacked -= head
        head = 0
    }

    /// Drops captures that no pending row needs.
    mutating func prune(unless isNeeded: (ClosedRange<Int64>) -> Bool) {
        var kept = self
        kept.removeAll()
        if head < captures.count, unpacked > head, isNeeded(captures[head].rows) {
            describe(captures[head])
            kept.append(front.view, rows: captures[head].rows)
        }
        while unpacked < captures.count {
            unpackNext()
            let capture = captures[unpacked - 1]
            guard unpacked > head, isNeeded(capture.rows) else { continue }
            describe(capture)
            kept.append(front.view, rows: capture.rows)
        }
        self = kept
    }
}

extension BookHistory {
    /// A capture as it is written down.
    private struct Written: StateElement {
        var first: Int64 = 0
        var last: Int64 = 0
        var view = BookView()
        static var blank: Written { Written() }

        mutating func code(_ coder: inout StateCoder) throws(StateError) {
            try coder.packed("first", &first)
            try coder.packed("last", &last)
            try coder.packed("view", &view)
        }
    }

    /// The captures that a clock which passed `emitted` has yet to reach; how they are kept follows from them.
    mutating func code(_ coder: inout StateCoder, emitted: Int64) throws(StateError) {
        var written: [Written] = []
        for (rows, view) in packed + recent.captures where rows.upperBound > emitted {
            written.append(Written(first: rows.lowerBound, last: rows.upperBound, view: view))
        }
        try coder.field("captures", &written)
        try coder.field("through", &through)
        guard coder.isReading else { return }
        for one in written {
            guard one.first <= one.last else { throw coder.malformed("a capture for no rows") }
            if recent.isFull || !captures.isEmpty { makeRoom(.min) }
            var view = BoxedBookView()
            view.view = one.view
            recent.append(&view, rows: one.first...one.last)
        }
    }

    /// The packed captures that the clock has not passed.
    private var packed: [(rows: ClosedRange<Int64>, view: BookView)] {
        var (walk, found) = (self, [(rows: ClosedRange<Int64>, view: BookView)]())
        if head < captures.count, unpacked > head {
            walk.describe(captures[head])
            found.append((captures[head].rows, walk.front.view))
        }
        while walk.unpacked < captures.count {
            walk.unpackNext()
            let index = walk.unpacked - 1
            guard index >= head else { continue }
            walk.describe(captures[index])
            found.append((captures[index].rows, walk.front.view))
        }
        return found
    }
}
