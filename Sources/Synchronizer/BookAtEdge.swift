import MarketModel
import OrderBooks

/// What an instrument's book showed at each edge: its messages may cross edges ahead of the clock.
struct BookAtEdge: Sendable {
    private enum Source: Sendable {
        case live, history, beforeFrame
    }

    fileprivate struct Stamps: Sendable {
        /// The greatest time of its messages in the basis.
        var time: Int64 = .min
        /// The stamps of its last message.
        var exchangeTime: Int64?
        var receiveTime: Int64 = 0
    }

    private let instrument: InstrumentIndex
    private let depth: Int
    private let content: BookContent
    private var stamps = Stamps()
    /// When something other than its own message last reset it; never before its messages then.
    private var resetTime: Int64 = .min
    /// What it showed at edges that the clock has yet to reach.
    private var history: BookHistory
    /// Off the grid: the book as before the frame with this number.
    private var viewBefore = BoxedBookView()
    private var frameBefore = 0

    /// Incremented at each announced change, so that an unchanged book is not read again.
    private var version = 0
    /// The live book as of ``viewVersion``.
    private var view = BoxedBookView()
    private var viewVersion = 0
    /// The period up to which edges are captured or passed, and the time at which it begins.
    private var captureIndex: Int64 = .min
    private var nextCapture: Int64 = .min
    /// Which view is lent to a row.
    private var lent = Source.live

    init(of instrument: InstrumentIndex, depth: Int, content: BookContent) {
        self.instrument = instrument
        self.depth = depth
        self.content = content
        history = BookHistory(depth: depth, content: content)
    }

    /// The number of captures kept.
    var captureCount: Int { history.count }

    /// When it last changed, in the basis.
    var changeTime: Int64 { max(stamps.time, resetTime) }

    /// Whether a change at `time` crosses an edge that the book was not captured for.
    @inline(__always)
    func crosses(_ time: Int64) -> Bool { max(time, stamps.time) >= nextCapture }

    /// Stamps the book with a message that changes it now.
    @inline(__always)
    mutating func stamp(_ update: borrowing BookUpdate, at time: Int64) {
        if time > stamps.time { stamps.time = time }
        stamps.exchangeTime = update.exchangeTime
        stamps.receiveTime = update.receiveTime
        version &+= 1
    }

    /// Records that something other than its own message resets it now.
    mutating func reset(at time: Int64) {
        resetTime = max(time, changeTime)
        version &+= 1
    }

    /// Captures the book for the edges through `time` ahead of the clock, which passed `emitted`; false if
    /// there are none.
    mutating func capture(
        until time: Int64,
        emitted: Int64,
        _ grid: Grid,
        for host: inout some SynchronizerHost
    ) -> Bool {
        let time = max(time, stamps.time)
        // The next period is the common case: avoids a division.
        let index = grid.holds(time, from: nextCapture) ? captureIndex : grid.index(of: time)
        let known = max(emitted, history.through)
        setCaptured(through: max(index, known), grid)
        guard index > known else { return false }
        refresh(for: &host)
        history.add(&view, emitted: emitted, through: index)
        viewVersion = -1
        return true
    }

    /// Captures the book as before the frame with this number, once: for a row off the grid that closes in it.
    mutating func capture(beforeFrame number: Int, for host: inout some SynchronizerHost) {
        if frameBefore == number { return }
        refresh(for: &host)
        viewBefore.view.copy(view.view)
        frameBefore = number
    }

    /// No row needs the book at edges through `index` any more.
    @inline(__always)
    mutating func pass(_ index: Int64, _ grid: Grid) {
        if captureIndex <= index { setCaptured(through: index, grid) }
    }

    @inline(__always)
    private mutating func setCaptured(through index: Int64, _ grid: Grid) {
        captureIndex = index &+ 1
        nextCapture = grid.edge(of: captureIndex)
    }

    /// Lends a row the book that it shows, for the row's own memory, until ``takeBack(_:)``.
    @inline(__always)
    mutating func lend(
        to target: inout BoxedBookView,
        at moment: BookMoment,
        for host: inout some SynchronizerHost
    ) {
        switch moment {
        case .edge(let row):
            switch history.seek(row, into: &view) {
            case .live: refresh(for: &host)
            case .taken: viewVersion = -1
            case .history:
                lent = .history
                return history.exchange(&target)
            }
        case .frame(let number):
            if frameBefore == number {
                lent = .beforeFrame
                return swap(&viewBefore, &target)
            }
            refresh(for: &host)
        }
        lent = .live
        swap(&view, &target)
    }

    /// Takes back what was lent.
    @inline(__always)
    mutating func takeBack(_ target: inout BoxedBookView) {
        switch lent {
        case .live: swap(&view, &target)
        case .history: history.exchange(&target)
        case .beforeFrame: swap(&viewBefore, &target)
        }
    }

    /// Reads the live book if it changed since the last read.
    @inline(__always)
    private mutating func refresh(for host: inout some SynchronizerHost) {
        if viewVersion == version { return }
        viewVersion = version
        BookAtEdge.read(&view.view, stamps, instrument, depth, content, for: &host)
    }

    @inline(__always)
    private static func read(
        _ view: inout BookView,
        _ stamps: Stamps,
        _ instrument: InstrumentIndex,
        _ depth: Int,
        _ content: BookContent,
        for host: inout some SynchronizerHost
    ) {
        view.time = stamps.time
        view.exchangeTime = stamps.exchangeTime
        view.receiveTime = stamps.receiveTime
        host.capture(instrument, depth: depth, content: content, into: &view)
    }

    /// Drops captures that no pending row needs.
    mutating func prune(unless isNeeded: (ClosedRange<Int64>) -> Bool) { history.prune(unless: isNeeded) }
}

extension BookAtEdge.Stamps: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("time", &time)
        try coder.packed("exchangeTime", &exchangeTime)
        try coder.packed("receiveTime", &receiveTime)
    }
}

extension BookAtEdge {
    /// What it showed and when it changed; the live view is read anew.
    ///
    /// The book as before a frame counts in that frame alone, whose number is `frame`.
    mutating func code(_ coder: inout StateCoder, emitted: Int64, frame: Int) throws(StateError) {
        var before = frameBefore == frame ? viewBefore.view : nil
        try coder.field("viewBefore", &before)
        try coder.field("stamps", &stamps)
        try coder.field("resetTime", &resetTime)
        try coder.field("captureIndex", &captureIndex)
        try coder.field("nextCapture", &nextCapture)
        try history.code(&coder, emitted: emitted)
        guard coder.isReading else { return }
        viewVersion = -1
        frameBefore = before == nil ? frame &- 1 : frame
        if let before { viewBefore.view = before }
    }
}
