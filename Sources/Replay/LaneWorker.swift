import ByteCoding
import Dispatch
import Exchanges
import MarketModel
import Pipeline
import Rows
import Synchronizer

/// A lane on a thread of its own.
///
/// All here is the thread's from a batch that it is given until it is done, and the replay's otherwise: the semaphores pass it
/// on.
final class LaneWorker: @unchecked Sendable {
    /// What is new in a lane, with the step that brought it.
    struct News {
        /// The step that named each further instrument.
        var instruments: [UInt64] = []
        var joined: [(step: UInt64, instrument: InstrumentIndex)] = []
        var samples: [(step: UInt64, text: String)] = []
    }

    // Unchecked, as the others: one thread at a time has them.
    @exclusivity(unchecked) var lane: ReplayLane
    let output: LaneOutput
    @exclusivity(unchecked) var news = News()
    private let catalog: ExchangeCatalog
    @exclusivity(unchecked) private var batch = LaneBatch()
    /// What was made of an earlier batch, and passed on.
    @exclusivity(unchecked) private var passed = LaneOutput.Made()
    private var isOver = false
    @exclusivity(unchecked) private var known = (instruments: 0, joined: 0, samples: 0)
    /// Whether it has a batch; the replay's alone.
    private var isBusy = false
    private let isGiven = DispatchSemaphore(value: 0)
    private let isDone = DispatchSemaphore(value: 0)

    /// Throws where the system gives no further thread.
    init(_ lane: ReplayLane, _ output: LaneOutput, _ catalog: ExchangeCatalog) throws(ByteCodingError) {
        (self.lane, self.output, self.catalog) = (lane, output, catalog)
        try WorkerThread.start("a replay") { [self] in workForEver() }
    }

    // MARK: - The replay's side

    /// Waits until the batch that was given is done.
    func wait() {
        guard isBusy else { return }
        isDone.wait()
        isBusy = false
    }

    /// Gives a batch and what was passed on, and takes back the batch before, to be filled again; waited before.
    func give(_ next: inout LaneBatch, _ passed: inout LaneOutput.Made) {
        swap(&batch, &next)
        next.removeAll()
        swap(&self.passed, &passed)
        isBusy = true
        isGiven.signal()
    }

    /// Ends the thread, after the batch that it has.
    func end() {
        wait()
        isOver = true
        isGiven.signal()
    }

    // MARK: - The thread's side

    private func workForEver() {
        while true {
            isGiven.wait()
            if isOver { return }
            output.reuse(&passed)
            batch.perform(on: &lane, output, catalog) { note($0) }
            isDone.signal()
        }
    }

    /// Notes what a step has brought for the first time.
    private func note(_ lane: borrowing ReplayLane) {
        let step = output.step
        let counts = lane.pipeline.newest
        if counts.instruments > known.instruments {
            news.instruments += repeatElement(step, count: counts.instruments - known.instruments)
        }
        if counts.joined > known.joined {
            news.joined += lane.pipeline.synchronizer.instruments[known.joined...].map { (step, $0) }
        }
        if counts.samples > known.samples {
            news.samples += lane.pipeline.unknownSamples[known.samples...].map { (step, $0) }
        }
        known = counts
    }
}
