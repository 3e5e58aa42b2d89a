import Features
import MarketModel
import Pipeline
import Recording
import Synchronizer

/// Passes on rows of the slice and the chosen instruments, counting and digesting them.
final class RowFilter: RowConsumer {
    private let consumer: any ReplayConsumer
    private(set) var rows = 0
    private(set) var partialRows = 0
    private(set) var rowsByInstrument: [Int] = []
    private var digest: RowDigest?
    private let from: Int64
    private let to: Int64
    private let chosen: [Instrument]?
    /// Whether each known instrument is wanted, by its index.
    private var answers: [Bool?] = []
    private var digestFailure: (any Error)?
    /// The error that stops the rows, if any.
    var failure: (any Error)? { digestFailure ?? consumer.failure }

    init(_ consumer: any ReplayConsumer, _ options: ReplayOptions) {
        self.consumer = consumer
        from = options.from ?? .min
        to = options.to ?? .max
        chosen = options.instruments
        digest = options.digests ? RowDigest() : nil
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

    func consume(
        _ snapshot: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        of instrument: Instrument
    ) {
        guard snapshot.ts > from, snapshot.ts <= to,
            isChosen(snapshot.instrument, instrument)
        else { return }
        rows += 1
        if aggregate.partial { partialRows += 1 }
        while rowsByInstrument.count <= snapshot.instrument.position { rowsByInstrument.append(0) }
        rowsByInstrument[snapshot.instrument.position] += 1
        do {
            try digest?.add(aggregate, of: instrument)
        } catch {
            digestFailure = digestFailure ?? error
        }
        consumer.consume(snapshot, aggregate, of: instrument)
    }

    func reanchored(_ jump: ClockJump, of instrument: Instrument) {
        if isChosen(instrument), jump.to > from, jump.from < to { consumer.reanchored(jump, of: instrument) }
    }

    var wantsLevels: Bool { consumer.wantsLevels }

    var wantsEvents: Bool { consumer.wantsEvents }

    func applied(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        books: borrowing BookTable
    ) {
        if chosen != nil, let index = batch.instrument(of: event) {
            guard isChosen(index, batch.instruments[index]) else { return }
        }
        consumer.applied(event, of: batch, books: books)
    }

    func gapped(_ gap: BookGap, of instrument: Instrument) {
        if isChosen(instrument) { consumer.gapped(gap, of: instrument) }
    }

    func defined(
        _ definition: InstrumentDefinition,
        of instrument: Instrument,
        at index: InstrumentIndex
    ) {
        if isChosen(instrument) { consumer.defined(definition, of: instrument, at: index) }
    }

    func noted(_ status: StatusRecord, of channel: FrameChannel, at time: Int64) {
        consumer.noted(status, of: channel, at: time)
    }

    func interrupted(_ hole: ConnectionHole) { consumer.interrupted(hole) }

    /// The digests of all rows so far, in order of emission and sorted; nil unless requested.
    func finishDigest() throws(ReplayError) -> (emission: String, contents: String)? {
        try digest?.finish()
    }
}
