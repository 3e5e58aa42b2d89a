import Features
package import MarketModel
package import OrderBooks
import Synchronizer

/// Passes on rows of the slice and the chosen instruments, counting and digesting them.
package final class RowFilter: RowSink {
    private let sink: any RowSink
    // Unchecked: all is called on one thread, and nothing in a change of these asks this filter again.
    @exclusivity(unchecked) package private(set) var rows = 0
    @exclusivity(unchecked) package private(set) var partialRows = 0
    @exclusivity(unchecked) package private(set) var rowsByInstrument: [Int] = []
    @exclusivity(unchecked) private var digest: RowDigest?
    private let from: Int64
    private let to: Int64
    private let chosen: [Instrument]?
    /// For a state, whose captures a later run may want whole.
    private let keepsLevels: Bool
    /// Whether each known instrument is wanted, by its index.
    @exclusivity(unchecked) private var answers: [Bool?] = []

    /// Passes rows with `ts` after `from` and up to `to`, nanoseconds since the Unix epoch, to `sink`.
    package init(
        _ sink: any RowSink,
        from: Int64?,
        to: Int64?,
        instruments: [Instrument]?,
        digests: Bool,
        keepsLevels: Bool = false
    ) {
        self.sink = sink
        self.from = from ?? .min
        self.to = to ?? .max
        chosen = instruments
        self.keepsLevels = keepsLevels
        digest = digests ? RowDigest() : nil
    }

    private func isChosen(_ instrument: Instrument) -> Bool { chosen?.contains(instrument) ?? true }

    private func isChosen(
        _ index: InstrumentIndex,
        _ instrument: @autoclosure () -> Instrument
    ) -> Bool {
        guard let chosen else { return true }
        while answers.count <= index.position { answers.append(nil) }
        if let known = answers[index.position] { return known }
        let answer = chosen.contains(instrument())
        answers[index.position] = answer
        return answer
    }

    package func write(_ row: borrowing Row) throws {
        let index = row.snapshot.instrument
        guard row.snapshot.ts > from, row.snapshot.ts <= to, isChosen(index, row.instrument) else { return }
        rows += 1
        if row.aggregate.partial { partialRows += 1 }
        while rowsByInstrument.count <= index.position { rowsByInstrument.append(0) }
        rowsByInstrument[index.position] += 1
        try digest?.add(row)
        try sink.write(row)
    }

    package func received(_ notice: Notice) {
        if let instrument = notice.instrument, !isChosen(instrument) { return }
        if case .reanchored(let jump, _) = notice, jump.to <= from || jump.from >= to { return }
        sink.received(notice)
    }

    package var wants: RowNeeds { keepsLevels ? sink.wants.union(.levels) : sink.wants }

    package func applied(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        books: Span<BookKeeper>
    ) throws {
        if chosen != nil, let index = batch.instrument(of: event) {
            guard isChosen(index, batch.instruments[index]) else { return }
        }
        try sink.applied(event, of: batch, books: books)
    }

    /// The digests of all rows so far, in order of emission and sorted; nil unless requested.
    package func finishDigest() throws(DigestError) -> (emission: String, contents: String)? {
        try digest?.finish()
    }
}

extension RowFilter {
    /// The counts of rows and the running digest, in parts.
    package func code(_ parts: inout StateParts) throws(StateError) {
        var counts = RowCounts(rows: rows, partialRows: partialRows, rowsByInstrument: rowsByInstrument)
        try parts.part("/rows/counts", &counts)
        (rows, partialRows, rowsByInstrument) = (counts.rows, counts.partialRows, counts.rowsByInstrument)
        guard digest != nil else { return }
        var running = RunningDigest(filter: self)
        try parts.part("/digest", &running)
    }

    fileprivate func codeDigest(_ coder: inout StateCoder) throws(StateError) { try digest?.code(&coder) }
}

/// How many rows were emitted.
private struct RowCounts: StateCodable {
    var rows: Int
    var partialRows: Int
    var rowsByInstrument: [Int]

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("rows", &rows)
        try coder.field("partialRows", &partialRows)
        try coder.field("rowsByInstrument", &rowsByInstrument)
    }
}

/// The digest of a filter, which cannot be copied.
private struct RunningDigest: StateCodable {
    let filter: RowFilter

    mutating func code(_ coder: inout StateCoder) throws(StateError) { try filter.codeDigest(&coder) }
}
