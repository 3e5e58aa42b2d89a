import MarketModel
import OrderBooks

/// What a book showed at edges that its messages have passed but the clock has not.
///
/// A capture is taken when a message crosses an edge ahead of the clock; it holds the book as it was
/// before that message, for every row from the one after the previous capture through its own.
struct BookHistory: Sendable {
    private struct Capture: Sendable {
        var rows: ClosedRange<Int64>
        var state: OrderBook.State
        var isCrossed: Bool
        var time: Int64
        var exchangeTime: Int64?
        var receiveTime: Int64
        var bids: Int
        var asks: Int
        /// Where its levels end in `levels`.
        var end: Int
    }

    private var captures: [Capture] = []
    private var head = 0
    private var levels = PackedLevels()
    /// The capture last read, unpacked, and its place; a jump asks for the same one many times.
    private var unpacked = BookView()
    private var unpackedPlace = -1
    /// The last row captured; rows after it show the book as it is.
    private(set) var through: Int64 = .min

    /// The number of captures that wait.
    var count: Int { captures.count - head }

    /// Keeps `view` for the rows after ``through`` (at the earliest `first`) through `row`, which is later.
    mutating func add(_ view: borrowing BookView, first: Int64, through row: Int64) {
        // Only a synced book is ever shown.
        let isShown = view.state == .synced
        if isShown {
            levels.append(view.bids)
            levels.append(view.asks)
        }
        captures.append(
            Capture(
                rows: max(first, through == .min ? first : through + 1)...row,
                state: view.state,
                isCrossed: view.isCrossed,
                time: view.time,
                exchangeTime: view.exchangeTime,
                receiveTime: view.receiveTime,
                bids: isShown ? view.bids.count : 0,
                asks: isShown ? view.asks.count : 0,
                end: levels.end
            )
        )
        through = row
    }

    /// Whether `row` shows a capture rather than the book as it is; if so, ``front`` is what it shows.
    ///
    /// Rows are asked for in order. A row whose capture was not kept shows a book that awaits its snapshot.
    mutating func seek(_ row: Int64) -> Bool {
        guard row <= through else {
            if !captures.isEmpty { removeAll() }
            return false
        }
        while head < captures.count, captures[head].rows.upperBound < row { head += 1 }
        if head >= 64, head * 2 > captures.count { prune { _ in true } }
        guard head < captures.count, captures[head].rows.contains(row) else {
            unpacked = BookView()
            unpackedPlace = -1
            return true
        }
        unpack()
        return true
    }

    /// The capture that the last ``seek(_:)`` found.
    var front: BookView { unpacked }

    private mutating func unpack() {
        guard unpackedPlace != head else { return }
        unpackedPlace = head
        let capture = captures[head]
        unpacked.state = capture.state
        unpacked.isCrossed = capture.isCrossed
        unpacked.time = capture.time
        unpacked.exchangeTime = capture.exchangeTime
        unpacked.receiveTime = capture.receiveTime
        unpacked.bids.removeAll(keepingCapacity: true)
        unpacked.asks.removeAll(keepingCapacity: true)
        let start = head == 0 ? 0 : captures[head - 1].end
        let middle = levels.read(capture.bids, at: start, into: &unpacked.bids)
        _ = levels.read(capture.asks, at: middle, into: &unpacked.asks)
    }

    private mutating func removeAll() {
        captures.removeAll(keepingCapacity: true)
        levels.removeAll()
        head = 0
        unpackedPlace = -1
    }

    /// Lets go of the captures whose rows nobody will ask for.
    mutating func prune(unless isNeeded: (ClosedRange<Int64>) -> Bool) {
        var kept: [Capture] = []
        var packed = PackedLevels()
        for place in head..<captures.count where isNeeded(captures[place].rows) {
            let start = place == 0 ? 0 : captures[place - 1].end
            packed.append(levels, start..<captures[place].end)
            kept.append(captures[place])
            kept[kept.count - 1].end = packed.end
        }
        captures = kept
        levels = packed
        head = 0
        unpackedPlace = -1
    }
}
