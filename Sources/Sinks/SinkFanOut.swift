public import Features
public import MarketModel
public import Pipeline
public import Synchronizer

/// Passes rows and events to all sinks; one that fails is reported and gets no more, the others continue.
///
/// It may hold data that is not on disk yet, so it is still flushed and finished.
public final class SinkFanOut: RowConsumer {
    /// The state of a sink.
    public struct Report: Sendable, Equatable {
        /// Its name.
        public var name: String
        /// Its status, in one line.
        public var status: String
        /// Rows that it lost, and rows it never got because it had failed.
        public var lostRows: UInt64
        /// Why it gets no more; nil while it works.
        public var failure: SinkError?
    }

    private struct Outlet {
        var sink: any Sink
        var failure: SinkError?
        /// What it threw last.
        var lastError: SinkError?
        var missedRows: UInt64 = 0
    }

    private var outlets: [Outlet]
    private var notes: [String] = []
    private var isOver = false
    /// Rows so far.
    public private(set) var rows = 0
    /// Whether a sink wants events.
    public private(set) var wantsEvents: Bool
    /// Whether a sink wants the levels of books.
    public let wantsLevels: Bool

    /// Passes rows to these sinks.
    public init(_ sinks: [any Sink]) {
        outlets = sinks.map { Outlet(sink: $0) }
        wantsEvents = sinks.contains { $0.wantsEvents }
        wantsLevels = sinks.contains { $0.wantsLevels }
    }

    /// The failures, in the order of the sinks.
    public var failures: [SinkError] { outlets.compactMap(\.failure) }

    /// The state of each sink.
    public var reports: [Report] {
        outlets.map { position in
            Report(
                name: position.sink.name,
                status: position.sink.status,
                lostRows: position.sink.lostRows + position.missedRows,
                failure: position.failure
            )
        }
    }

    /// New messages for the user.
    public func drainNotes() -> [String] {
        for position in outlets { notes += position.sink.drainNotes() }
        defer { notes.removeAll() }
        return notes
    }

    /// Passes on a row.
    public func consume(
        _ snapshot: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        of instrument: Instrument
    ) {
        rows += 1
        for position in outlets.indices {
            guard outlets[position].failure == nil else {
                outlets[position].missedRows += 1
                continue
            }
            do throws(SinkError) {
                try outlets[position].sink.write(snapshot, aggregate, of: instrument)
            } catch {
                fail(position, error)
                outlets[position].missedRows += 1
            }
        }
    }

    /// Passes on an event.
    public func applied(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        books: borrowing BookTable
    ) {
        guard let (value, index) = Self.event(event, of: batch) else { return }
        let instrument = batch.instruments[index]
        for position in outlets.indices where outlets[position].failure == nil {
            let sink = outlets[position].sink
            call(position) { () throws(SinkError) in
                if sink.wantsEvents { try sink.write(value, of: instrument) }
            }
        }
    }

    /// Flushes all sinks that are due: `now` in nanoseconds of a monotonic clock.
    public func flush(at now: Int64) {
        for position in outlets.indices {
            let sink = outlets[position].sink
            call(position) { () throws(SinkError) in try sink.flush(at: now) }
        }
    }

    /// Finishes all sinks.
    public func finish() {
        guard !isOver else { return }
        isOver = true
        for position in outlets.indices {
            let sink = outlets[position].sink
            call(position) { () throws(SinkError) in try sink.finish() }
        }
    }

    private func call(_ position: Int, _ body: () throws(SinkError) -> Void) {
        do throws(SinkError) { try body() } catch { fail(position, error) }
    }

    /// Records an error; repeated ones of a failed sink are reported once.
    private func fail(_ position: Int, _ error: SinkError) {
        guard outlets[position].lastError != error else { return }
        notes += outlets[position].sink.drainNotes()
        notes.append(outlets[position].failure == nil ? "\(error); this sink gets no more rows" : "\(error)")
        outlets[position].failure = outlets[position].failure ?? error
        outlets[position].lastError = error
    }

    private static func event(
        _ event: EventReference,
        of batch: borrowing EventBatch
    ) -> (LiveEvent, InstrumentIndex)? {
        switch event.kind {
        case .book:
            var update = batch.books[event.index]
            let levels = batch.levels[update.bids.lowerBound..<update.asks.upperBound]
            update.firstLevel = 0
            return (.book(update, levels: Array(levels)), update.instrument)
        case .trade: return (.trade(batch.trades[event.index]), batch.trades[event.index].instrument)
        case .liquidation:
            let liquidation = batch.liquidations[event.index]
            return (.liquidation(liquidation), liquidation.instrument)
        case .fundingRate:
            let funding = batch.fundingRates[event.index]
            return (.fundingRate(funding), funding.instrument)
        case .openInterest:
            let interest = batch.openInterests[event.index]
            return (.openInterest(interest), interest.instrument)
        case .status: return nil
        }
    }
}
