import Features
import MarketModel
import OrderBooks
import Report
import Rows
import Synchronizer

/// Collects what the page of a replay shows, in memory that does not grow with its length.
final class ReportCollector: RowSink {
    /// The most points of a chart.
    static let pointLimit = 600
    /// The most instruments with charts: nobody reads a page of hundreds.
    static let chartLimit = 24
    /// The most lines of each list.
    static let lineLimit = 250

    private(set) var frames = FrameTally(limit: ReportCollector.pointLimit)
    private(set) var gapList = EventList(limit: ReportCollector.lineLimit)
    private(set) var statuses = EventList(limit: ReportCollector.lineLimit)
    /// By instrument index; nil for those without rows.
    private var tallies: [InstrumentTally?] = []
    private var indexes: [Instrument: Int] = [:]
    private var charted = 0
    private var gapTallies: [Instrument: GapTally] = [:]
    /// Open gaps, and their indexes in the list.
    private var openGaps: [Instrument: Int?] = [:]
    private let rowWidth: Int64

    /// `rowWidth` is the period of a uniform grid, nanoseconds; nil without one.
    init(rowWidth: Int64?) {
        self.rowWidth = rowWidth ?? UnixTime.second / 512
    }

    /// Counts a frame, nanoseconds since the Unix epoch.
    func countFrame(at time: Int64) { frames.add(at: time) }

    /// The tally of an instrument's rows.
    func tally(of instrument: Instrument) -> InstrumentTally {
        indexes[instrument].flatMap { tallies[$0] } ?? InstrumentTally(series: nil)
    }

    /// When an instrument's book was wrong, with `end` as the end of the data.
    func gaps(of instrument: Instrument, until end: Int64?) -> GapTally {
        var tally = gapTallies[instrument] ?? GapTally()
        if let end { tally.closed(at: end) }
        return tally
    }

    // MARK: - Rows

    /// Events, for the ends of gaps: one can open and close within a frame.
    let wants: RowNeeds = .events

    func write(_ row: borrowing Row) {
        let aggregate = row.aggregate
        let position = aggregate.instrument.position
        while tallies.count <= position { tallies.append(nil) }
        if tallies[position] == nil { register(row.instrument, at: position) }
        tallies[position]?.add(
            ReportedRow(
                ts: aggregate.ts,
                mid: aggregate[.midPrice],
                spread: aggregate[.spread],
                imbalance: aggregate[.imbalance],
                volume: aggregate[.tradeVolume],
                bookAge: aggregate.bookAge,
                observed: row.snapshot.quality.observed,
                isSynced: aggregate.bookState == .synced,
                gap: aggregate.gap,
                partial: aggregate.partial
            )
        )
    }

    private func register(_ instrument: Instrument, at position: Int) {
        indexes[instrument] = position
        let isCharted = charted < ReportCollector.chartLimit
        if isCharted { charted += 1 }
        let series = TimeSeries<RowBucket>(width: rowWidth, limit: ReportCollector.pointLimit)
        tallies[position] = InstrumentTally(series: isCharted ? series : nil)
    }

    func received(_ notice: Notice) {
        switch notice {
        case .reanchored(let jump, let instrument): list(jump, of: instrument)
        case .gapped(let gap, let instrument): open(gap, of: instrument)
        case .recorded(let status, let connection, let time): list(status, of: connection, at: time)
        case .interrupted(let hole): list(hole)
        case .defined: break
        }
    }

    private func list(_ jump: ClockJump, of instrument: Instrument) {
        gapList.add(
            SessionEvent(
                time: jump.from,
                end: jump.to,
                what: "jump of the clock",
                subject: instrument.description,
                detail: "\(jump.skippedRows) rows left out, more than --max-gap-fill"
            )
        )
    }

    // MARK: - Gaps

    private func open(_ gap: BookGap, of instrument: Instrument) {
        close(instrument, at: gap.receiveTime)
        gapTallies[instrument, default: GapTally()].opened(at: gap.receiveTime)
        let line = gapList.add(
            SessionEvent(
                time: gap.receiveTime,
                what: "gap: \(gap.cause.words)",
                subject: instrument.description
            )
        )
        openGaps.updateValue(line, forKey: instrument)
    }

    private func close(_ instrument: Instrument, at time: Int64) {
        guard let line = openGaps.removeValue(forKey: instrument) else { return }
        gapTallies[instrument]?.closed(at: time)
        if let line { gapList.end(line, at: time) }
    }

    func applied(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        books: Span<BookKeeper>
    ) {
        // A gap ends with a snapshot, or an unsubscription, after which the book awaits one.
        guard !openGaps.isEmpty, event.kind == .book || event.kind == .status,
            let index = batch.instrument(of: event), index.position < books.count,
            books[index.position].book.state != .gapped
        else { return }
        close(batch.instruments[index], at: batch.times(of: event).receive)
    }

    // MARK: - Connections

    private func list(_ status: StatusRecord, of connection: ConnectionName, at time: Int64) {
        if status.state?.breaksFeeds == true { frames.addBreak(at: time) }
        let name = String(status.stateName.prefix(ReportCollector.textLimit))
        // Omitted: one per topic and attempt would hide real problems.
        guard status.state != .connecting, status.state != .subscribed else { return statuses.tally(name) }
        statuses.add(
            SessionEvent(
                time: time,
                what: name,
                subject: connection.description,
                detail: ReportCollector.detail(of: status)
            )
        )
    }

    private func list(_ hole: ConnectionHole) {
        // Other gaps have statuses, or are among the unreadable parts.
        guard hole.cause == .session else { return }
        frames.addBreak(at: hole.start)
        statuses.add(
            SessionEvent(
                time: hole.start,
                what: "session ended",
                subject: hole.connection.description,
                detail: ""
            )
        )
    }

    /// The most characters of a logged text that a line shows.
    private static let textLimit = 200

    private static func detail(of status: StatusRecord) -> String {
        var parts: [String] = []
        if let reason = status.reason { parts.append(String(reason.prefix(textLimit))) }
        if let count = status.count { parts.append("\(count) frames") }
        if let code = status.code { parts.append("code \(code)") }
        if let topic = status.topic { parts.append("topic \(topic.prefix(textLimit))") }
        if let epoch = status.epoch { parts.append("attempt \(epoch)") }
        return parts.joined(separator: ", ")
    }
}

extension GapCause {
    /// The cause in words.
    fileprivate var words: String {
        switch self {
        case .noSnapshot: "delta before any snapshot"
        case .sequence: "broken sequence"
        case .checksum: "failed checksum"
        case .crossed: "crossed for 1 s"
        case .malformed: "malformed message"
        case .connection: "connection lost messages"
        }
    }
}
