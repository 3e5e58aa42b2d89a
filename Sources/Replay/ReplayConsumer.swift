import Features
import MarketModel
public import Pipeline
import Synchronizer

/// Takes what a replay makes; a failure it keeps ends the replay.
public protocol ReplayConsumer: RowConsumer {
    /// Why it cannot go on, if so.
    var failure: (any Error)? { get }
}

/// Lets rows of the slice and the chosen instruments through, counts them and takes their digest.
struct RowFilter<Consumer: ReplayConsumer>: RowConsumer {
    var consumer: Consumer
    var digest: RowDigestBox?
    var rows = 0
    var partialRows = 0
    var rowsByInstrument: [Int] = []
    private let from: Int64
    private let to: Int64
    private let chosen: [Instrument]?
    /// The answer for each instrument met so far, by its index.
    private var answers: [Bool?] = []
    private(set) var failure: (any Error)?

    init(_ consumer: Consumer, _ options: ReplayOptions) throws(ReplayError) {
        self.consumer = consumer
        from = options.from ?? .min
        to = options.to ?? .max
        chosen = options.instruments
        digest = options.digests ? try RowDigestBox() : nil
    }

    private func isChosen(_ instrument: Instrument) -> Bool { chosen?.contains(instrument) ?? true }

    private mutating func isChosen(
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

    mutating func consume(
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
        do { try digest?.digest.add(aggregate, of: instrument) } catch { failure = failure ?? error }
        consumer.consume(snapshot, aggregate, of: instrument)
    }

    mutating func reanchored(_ jump: ReAnchor, of instrument: Instrument) {
        if isChosen(instrument), jump.to > from, jump.from < to { consumer.reanchored(jump, of: instrument) }
    }

    var wantsEvents: Bool { consumer.wantsEvents }

    mutating func applied(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        books: borrowing BookTable
    ) {
        if chosen != nil, let index = batch.instrument(of: event) {
            guard isChosen(index, batch.instruments[index]) else { return }
        }
        consumer.applied(event, of: batch, books: books)
    }

    mutating func gapped(_ gap: BookGap, of instrument: Instrument) {
        if isChosen(instrument) { consumer.gapped(gap, of: instrument) }
    }
}

/// Holds a digest, which cannot be copied, for a consumer, which can.
final class RowDigestBox {
    var digest: RowDigest

    init() throws(ReplayError) { digest = try RowDigest() }
}
