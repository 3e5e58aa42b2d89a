public import Features
public import MarketModel
public import Pipeline
public import Synchronizer

/// Hands rows and events to all sinks; one that fails is told of and gets no more, the others go on.
///
/// What it took before may still be on its way to the disk: it is flushed and finished all the same.
public final class SinkFanOut: RowConsumer {
    /// How a sink fared.
    public struct Report: Sendable, Equatable {
        /// What it is called.
        public var name: String
        /// How it fares, in one line.
        public var status: String
        /// Rows that it took and lost, and those it never got because it had failed.
        public var lostRows: UInt64
        /// Why it gets no more; nil while it works.
        public var failure: SinkError?
    }

    private struct Place {
        var sink: any Sink
        var failure: SinkError?
        /// What it threw last.
        var lastError: SinkError?
        var missedRows: UInt64 = 0
    }

    private var places: [Place]
    private var notes: [String] = []
    private var isOver = false
    /// Rows so far.
    public private(set) var rows = 0
    /// Whether a sink wants events.
    public private(set) var wantsEvents: Bool
    /// Whether a sink wants the levels of books.
    public let wantsLevels: Bool

    /// Hands rows to these.
    public init(_ sinks: [any Sink]) {
        places = sinks.map { Place(sink: $0) }
        wantsEvents = sinks.contains { $0.wantsEvents }
        wantsLevels = sinks.contains { $0.wantsLevels }
    }

    /// What failed, in the order of the sinks.
    public var failures: [SinkError] { places.compactMap(\.failure) }

    /// How each sink fares.
    public var reports: [Report] {
        places.map { place in
            Report(
                name: place.sink.name,
                status: place.sink.status,
                lostRows: place.sink.lostRows + place.missedRows,
                failure: place.failure
            )
        }
    }

    /// What the user should know and was not yet told.
    public func takeNotes() -> [String] {
        for place in places { notes += place.sink.takeNotes() }
        defer { notes.removeAll() }
        return notes
    }

    /// Hands on a row.
    public func consume(
        _ snapshot: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        of instrument: Instrument
    ) {
        rows += 1
        for place in places.indices {
            guard places[place].failure == nil else {
                places[place].missedRows += 1
                continue
            }
            do throws(SinkError) {
                try places[place].sink.write(snapshot, aggregate, of: instrument)
            } catch {
                fail(place, error)
                places[place].missedRows += 1
            }
        }
    }

    /// Hands on an event.
    public func applied(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        books: borrowing BookTable
    ) {
        guard let (value, index) = Self.event(event, of: batch) else { return }
        let instrument = batch.instruments[index]
        for place in places.indices where places[place].failure == nil {
            let sink = places[place].sink
            call(place) { () throws(SinkError) in
                if sink.wantsEvents { try sink.take(value, of: instrument) }
            }
        }
    }

    /// Gives all a chance to make durable what waits: `now` in nanoseconds of a clock that does not step back.
    public func flush(at now: Int64) {
        for place in places.indices {
            let sink = places[place].sink
            call(place) { () throws(SinkError) in try sink.flush(at: now) }
        }
    }

    /// Ends all.
    public func finish() {
        guard !isOver else { return }
        isOver = true
        for place in places.indices {
            let sink = places[place].sink
            call(place) { () throws(SinkError) in try sink.finish() }
        }
    }

    private func call(_ place: Int, _ body: () throws(SinkError) -> Void) {
        do throws(SinkError) { try body() } catch { fail(place, error) }
    }

    /// Notes an error; what a sink that has failed throws again and again is told once.
    private func fail(_ place: Int, _ error: SinkError) {
        guard places[place].lastError != error else { return }
        notes += places[place].sink.takeNotes()
        notes.append(places[place].failure == nil ? "\(error); this sink gets no more rows" : "\(error)")
        places[place].failure = places[place].failure ?? error
        places[place].lastError = error
    }

    private static func event(
        _ event: EventReference,
        of batch: borrowing EventBatch
    ) -> (LiveEvent, InstrumentIndex)? {
        switch event.kind {
        case .book:
            var update = batch.books[event.place]
            let levels = batch.levels[update.bids.lowerBound..<update.asks.upperBound]
            update.firstLevel = 0
            return (.book(update, levels: Array(levels)), update.instrument)
        case .trade: return (.trade(batch.trades[event.place]), batch.trades[event.place].instrument)
        case .liquidation:
            let liquidation = batch.liquidations[event.place]
            return (.liquidation(liquidation), liquidation.instrument)
        case .fundingRate:
            let funding = batch.fundingRates[event.place]
            return (.fundingRate(funding), funding.instrument)
        case .openInterest:
            let interest = batch.openInterests[event.place]
            return (.openInterest(interest), interest.instrument)
        case .status: return nil
        }
    }
}
