import Features
import MarketFiles
import MarketModel
import OrderBooks
import Pipeline
import Replay
import Sinks
import Synchronizer

/// Writes a replay's rows and events to market files and its gaps to the ledger.
final class MarketFileConsumer: ReplayConsumer {
    let writer: MarketFileWriter?
    let isRaw: Bool
    /// Further sinks for rows; nil if there are none, so that rows cost nothing more.
    private let sinks: SinkFanOut?
    /// The events that go to raw files.
    let slice: EventSlice
    /// Receives gaps and re-anchors.
    var ledger: ReplayLedger?
    private(set) var failure: (any Error)?
    /// The open gap of each instrument's book.
    private var openGaps: [Instrument: Int] = [:]

    init(writer: MarketFileWriter?, isRaw: Bool, slice: EventSlice, sinks: [any Sink] = []) {
        self.sinks = sinks.isEmpty ? nil : SinkFanOut(sinks)
        self.writer = writer
        self.isRaw = isRaw
        self.slice = slice
    }

    var wantsLevels: Bool { writer != nil || sinks?.wantsLevels == true }

    func consume(
        _ snapshot: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        of instrument: Instrument
    ) {
        guard failure == nil else { return }
        if let sinks {
            sinks.consume(snapshot, aggregate, of: instrument)
            // In a replay a failing sink ends the command.
            failure = sinks.failures.first
        }
        guard let writer, failure == nil else { return }
        do { try writer.write(snapshot, aggregate, of: instrument) } catch { failure = error }
    }

    func reanchored(_ jump: ClockJump, of instrument: Instrument) {
        ledger?.reanchored(jump, of: instrument)
    }

    func interrupted(_ hole: ConnectionHole) { ledger?.interrupted(hole) }

    func gapped(_ gap: BookGap, of instrument: Instrument) {
        // Gaps of a connection have a line of their own, which names its books.
        guard let ledger, gap.cause != .connection else { return }
        if let open = openGaps[instrument] { ledger.closed(open, of: instrument, at: gap.receiveTime) }
        openGaps[instrument] = ledger.opened(gap, of: instrument)
    }

    /// The ledger needs them too: a gap can open and close within one frame.
    var wantsEvents: Bool { isRaw || ledger != nil }

    func applied(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        books: borrowing BookTable
    ) {
        if event.kind == .book, !openGaps.isEmpty { markSynced(batch.books[event.index], batch, books) }
        guard isRaw, let writer, failure == nil, slice.includes(event, of: batch) else { return }
        do throws(MarketFileError) {
            switch event.kind {
            case .book:
                let update = batch.books[event.index]
                let keeper = books.keepers[update.instrument.position]
                try writer.write(update, book: keeper.book, of: batch.instruments[update.instrument])
            case .trade:
                let trade = batch.trades[event.index]
                try writer.write(trade, of: batch.instruments[trade.instrument])
            case .liquidation:
                let liquidation = batch.liquidations[event.index]
                try writer.write(liquidation, of: batch.instruments[liquidation.instrument])
            case .fundingRate:
                let funding = batch.fundingRates[event.index]
                try writer.write(funding, of: batch.instruments[funding.instrument])
            case .openInterest:
                let interest = batch.openInterests[event.index]
                try writer.write(interest, of: batch.instruments[interest.instrument])
            case .status: break
            }
        } catch {
            failure = error
        }
    }

    private func markSynced(
        _ update: BookUpdate,
        _ batch: borrowing EventBatch,
        _ books: borrowing BookTable
    ) {
        guard books.keepers[update.instrument.position].book.state == .synced else { return }
        let instrument = batch.instruments[update.instrument]
        guard let open = openGaps.removeValue(forKey: instrument) else { return }
        ledger?.closed(open, of: instrument, at: update.receiveTime)
    }
}
