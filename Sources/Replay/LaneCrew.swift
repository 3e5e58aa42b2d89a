import ByteCoding
import Exchanges
import MarketModel
import Pipeline
import Recording
import Rows
import Synchronizer

/// The lanes of a replay on threads of their own.
///
/// While they work on one batch the next is read. What they make is put in the order of the steps again, with instruments
/// numbered as one pipeline would have: the rows are those of one thread. Memory: two batches of some megabytes in all, and
/// the rows of two.
final class LaneCrew {
    private var workers: [LaneWorker] = []
    private let limit: Int
    private let options: ReplayOptions
    // Unchecked, as what else a frame changes: one thread has them, and nothing in a change asks for them again.
    @exclusivity(unchecked) private var filling: [PendingBatch] = []
    /// Where rows go, in order.
    private let sink: RowFilter
    private var failure: (any Error)?
    /// What the lanes made of the last batch, until they get it back.
    private var passed: [LaneOutput.Made] = []
    /// Where each connection is.
    @exclusivity(unchecked) private var places: [(lane: Int, number: Int32)] = []
    /// The lane of each exchange, and how many connections lanes have.
    private var lanes: [String: Int] = [:]
    private var counts: [Int32] = []
    /// The number of the last step.
    @exclusivity(unchecked) private var number: UInt64 = 0
    @exclusivity(unchecked) private var pendingBytes = 0
    @exclusivity(unchecked) private var pendingSteps = 0
    /// Frames received.
    @exclusivity(unchecked) private(set) var frames = 0
    /// The receive time of the last frame.
    @exclusivity(unchecked) private(set) var lastTime: Int64?

    /// How many instruments frames have named.
    private var instrumentCount: UInt32 = 0
    /// The number of each lane's instruments among all.
    private(set) var numbers: [[InstrumentIndex]] = []
    /// All instruments in the order of their first decoded event, each by its lane.
    private(set) var joined: [(lane: Int, instrument: InstrumentIndex)] = []
    /// Samples of unknown frames.
    private(set) var samples: [String] = []

    /// Bytes and steps of a batch, all lanes together: half of what a second-level cache holds.
    private static let batch = (bytes: 1 << 20, steps: 8_192)

    private final class PendingBatch { @exclusivity(unchecked) var batch = LaneBatch() }

    /// A lane for each exchange, beside the thread that reads, or one where the options tell that instruments share
    /// something.
    ///
    /// Throws where the system gives no thread for the first.
    init(_ options: ReplayOptions, sink: RowFilter) throws {
        (self.options, self.sink) = (options, sink)
        limit = MarketSynchronizer.isDivisible(options.synchronizer) ? options.threads - 1 : 1
        try addLane()
    }

    private func addLane() throws {
        let output = LaneOutput(wants: sink.wants)
        let pipeline = try Pipeline(options: options.synchronizer, into: output)
        workers.append(try LaneWorker(ReplayLane(pipeline, sink: output), output, options.catalog))
        filling.append(PendingBatch())
        counts.append(0)
        numbers.append([])
    }

    deinit { for worker in workers { worker.end() } }

    /// The lanes, between batches.
    var all: [ReplayLane] { workers.map(\.lane) }

    // MARK: - Steps

    /// Adds the connection of a channel and returns its number.
    func connect(_ channel: FrameChannel, session: Int) -> Int32 {
        let lane = lane(of: channel)
        places.append((lane, counts[lane]))
        counts[lane] += 1
        let number = Int32(places.count - 1)
        add(.connect(channel, session: session), on: number)
        return number
    }

    /// Whatever instruments share, connections of one exchange share it.
    private func lane(of channel: FrameChannel) -> Int {
        let name = options.catalog.exchange(of: channel)?.name ?? channel.exchange
        if let known = lanes[name] { return known }
        // Without a further thread, the lanes that there are do it.
        if lanes.count >= workers.count, workers.count < limit { try? addLane() }
        let lane = lanes.count % workers.count
        lanes[name] = lane
        return lane
    }

    /// Adds a received frame, which is copied.
    func receive(_ frame: RawSpan, on connection: Int32, at time: Int64) {
        (frames, lastTime) = (frames + 1, time)
        let (lane, step) = step(.receive, on: connection, at: time)
        pendingBytes += frame.byteCount
        filling[lane].batch.append(step, frame)
    }

    /// Adds a sent frame, which is copied.
    func send(_ frame: RawSpan, on connection: Int32, at time: Int64) {
        let (lane, step) = step(.send, on: connection, at: time)
        filling[lane].batch.append(step, frame)
    }

    /// Adds a reply, which is copied.
    func reply(_ body: RawSpan, path: String, on connection: Int32, at time: Int64) {
        let (lane, step) = step(.reply, on: connection, at: time)
        pendingBytes += body.byteCount
        filling[lane].batch.append(step, body, path: path)
    }

    /// Adds what is seldom done.
    func add(_ action: LaneStep.Action, on connection: Int32, at time: Int64 = 0) {
        let (lane, step) = step(.other, on: connection, at: time)
        filling[lane].batch.append(step, action)
    }

    private func step(
        _ kind: LaneStep.Kind,
        on connection: Int32,
        at time: Int64
    ) -> (lane: Int, step: LaneStep) {
        number += 1
        pendingSteps += 1
        let place = places[Int(connection)]
        return (place.lane, LaneStep(number: number, time: time, connection: place.number, kind: kind))
    }

    /// Ends a session's connection: its gap is closed by the next of its name.
    func endSession(of connection: Int32) {
        add(.endSession(closedBy: ConnectionHoles.nextOfItsName), on: connection)
    }

    // MARK: - Batches

    /// Gives the steps to the lanes if they are enough; throws what the sink threw.
    func goOn() throws {
        if pendingBytes >= LaneCrew.batch.bytes || pendingSteps >= LaneCrew.batch.steps { exchange() }
        try check()
    }

    /// Throws what the sink threw.
    func check() throws { if let failure { throw failure } }

    private func exchange() {
        let made = take()
        for (index, worker) in workers.enumerated() {
            if index == passed.count { passed.append(.init()) }
            worker.give(&filling[index].batch, &passed[index])
        }
        (pendingBytes, pendingSteps) = (0, 0)
        pass(made)
        passed = made
    }

    /// Waits for the lanes and takes what they have made.
    private func take() -> [LaneOutput.Made] {
        var news: [(lane: Int, news: LaneWorker.News)] = []
        let made = workers.enumerated().map { lane, worker in
            worker.wait()
            news.append((lane, worker.news))
            worker.news = .init()
            return worker.output.take()
        }
        learn(news)
        return made
    }

    /// Numbers what is new as one pipeline would.
    private func learn(_ news: [(lane: Int, news: LaneWorker.News)]) {
        let named = news.flatMap { lane, news in news.instruments.map { (lane: lane, step: $0) } }
        for one in named.sorted(by: { $0.step < $1.step }) {
            numbers[one.lane].append(InstrumentIndex(instrumentCount))
            instrumentCount += 1
        }
        // A step may let several join: they stay in their order.
        let begun = news.flatMap { lane, news in news.joined.map { (lane: lane, $0.step, $0.instrument) } }
        joined += begun.enumerated().sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }
            .map { ($0.element.lane, $0.element.2) }
        let kept = news.flatMap { $0.news.samples }.sorted(by: { $0.step < $1.step })
        samples = Array((samples + kept.map(\.text)).prefix(Pipeline.sampleLimit.frames))
    }

    /// Passes on what the lanes have made, in the order of the steps.
    private func pass(_ made: [LaneOutput.Made]) {
        var next = made.map { _ in 0 }
        while failure == nil {
            var (least, lane) = (UInt64.max, -1)
            for index in made.indices where next[index] < made[index].order.count {
                let step = made[index].order[next[index]].step
                if step < least { (least, lane) = (step, index) }
            }
            guard lane >= 0 else { return }
            while next[lane] < made[lane].order.count, made[lane].order[next[lane]].step == least {
                pass(made[lane], made[lane].order[next[lane]].place, of: lane)
                next[lane] += 1
            }
        }
    }

    private func pass(_ made: borrowing LaneOutput.Made, _ place: Int, of lane: Int) {
        guard failure == nil else { return }
        do {
            if place < 0 { return sink.received(renumbered(made.notices[-1 - place], of: lane)) }
            // Borrowed: a copy of a row would cost more than to pass it on.
            let rows = made.rows.span
            let local = rows[place].snapshot.instrument
            if numbers[lane][local.position] == local { return try sink.write(rows[place]) }
            var row = made.rows[place]
            row.renumber(as: numbers[lane][local.position])
            try sink.write(row)
        } catch {
            failure = error
        }
    }

    private func renumbered(_ notice: Notice, of lane: Int) -> Notice {
        switch notice {
        case .defined(let definition, let instrument, let index):
            return .defined(definition, of: instrument, at: numbers[lane][index.position])
        case .reanchored(var jump, let instrument):
            jump.instrument = numbers[lane][jump.instrument.position]
            return .reanchored(jump, of: instrument)
        case .gapped(var gap, let instrument):
            let connection = places.firstIndex { $0 == (lane, gap.connection) }
            gap.connection = Int32(connection ?? Int(gap.connection))
            return .gapped(gap, of: instrument)
        case .recorded, .interrupted: return notice
        }
    }

    // MARK: - The end

    /// Waits for all steps, and emits the last rows.
    func finish() throws {
        exchange()
        pass(take())
        // All lanes wait: they are this thread's.
        let last = workers.compactMap(\.lane.last).max { $0.step < $1.step }
        for worker in workers {
            worker.output.step = .max
            if let last, worker.lane.last?.step != last.step {
                worker.lane.pipeline.passLastFrame(at: last.time)
            }
            worker.lane.pipeline.finish()
        }
        passLast(take())
        let holes = workers.flatMap { $0.lane.holes.closeAll() }.sorted { $0.step < $1.step }
        for (_, hole) in holes { sink.received(.interrupted(hole)) }
        try check()
    }

    /// Passes on what the end has made: instrument by instrument, as they have joined.
    private func passLast(_ made: [LaneOutput.Made]) {
        var ranks = numbers.map { $0.map { _ in Int.max } }
        for (rank, one) in joined.enumerated() { ranks[one.lane][one.instrument.position] = rank }
        var items = made.enumerated().flatMap { lane, made in
            made.order.map { (lane: lane, rank: rank(of: $0.place, made, ranks[lane]), place: $0.place) }
        }
        // Stable: what an instrument's end has made stays in its order.
        items = items.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
            .map(\.element)
        for item in items { pass(made[item.lane], item.place, of: item.lane) }
    }

    private func rank(of place: Int, _ made: LaneOutput.Made, _ ranks: [Int]) -> Int {
        if place >= 0 { return ranks[made.rows[place].snapshot.instrument.position] }
        return switch made.notices[-1 - place] {
        case .defined(_, _, let index): ranks[index.position]
        case .reanchored(let jump, _): ranks[jump.instrument.position]
        default: .max
        }
    }
}
