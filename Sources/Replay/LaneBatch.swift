import ByteCoding
import Exchanges
import MarketModel
import Pipeline

/// Steps for a lane, with the frames' bytes.
struct LaneBatch: ~Copyable {
    private var steps: [LaneStep] = []
    private var memory = GrowableBytes()
    private var paths: [String] = []
    private var actions: [LaneStep.Action] = []

    /// Adds a step with its frame, which is copied.
    @inline(__always)
    mutating func append(_ step: LaneStep, _ frame: RawSpan) {
        var step = step
        (step.start, step.count) = (memory.count, frame.byteCount)
        memory.append(frame)
        steps.append(step)
    }

    /// Adds a reply to a request of a path.
    mutating func append(_ step: LaneStep, _ body: RawSpan, path: String) {
        var step = step
        step.place = Int32(paths.count)
        paths.append(path)
        append(step, body)
    }

    /// Adds a step of another kind.
    mutating func append(_ step: LaneStep, _ action: LaneStep.Action) {
        var step = step
        step.place = Int32(actions.count)
        actions.append(action)
        steps.append(step)
    }

    mutating func removeAll() {
        steps.removeAll(keepingCapacity: true)
        memory.removeAll()
        paths.removeAll(keepingCapacity: true)
        actions.removeAll(keepingCapacity: true)
    }

    /// Performs all steps on a lane, which makes `output`; `after` is called behind each.
    func perform(
        on lane: inout ReplayLane,
        _ output: LaneOutput,
        _ catalog: ExchangeCatalog,
        after: (borrowing ReplayLane) -> Void
    ) {
        let memory = self.memory.bytes
        for index in steps.indices {
            let step = steps[index]
            lane.step = step.number
            output.step = step.number
            let frame = memory.extracting(step.start..<step.start + step.count)
            let (connection, time) = (step.connection, step.time)
            switch step.kind {
            case .receive: lane.receive(frame, on: connection, at: time)
            case .send: lane.pipeline.sent(frame, on: connection, receiveTime: time)
            case .reply: lane.reply(frame, path: paths[Int(step.place)], on: connection, at: time)
            case .other: perform(actions[Int(step.place)], on: connection, at: time, &lane, catalog)
            }
            after(lane)
        }
    }

    private func perform(
        _ action: LaneStep.Action,
        on connection: Int32,
        at time: Int64,
        _ lane: inout ReplayLane,
        _ catalog: ExchangeCatalog
    ) {
        switch action {
        case .apply(let record, let name): lane.apply(record, of: name, on: connection, at: time)
        case .connect(let channel, let session):
            _ = lane.connect(channel, session: session, catalog: catalog)
        case .describe(let subscriptions, let address):
            lane.pipeline.described(subscriptions, address: address, on: connection)
        case .endSession(let next): lane.endSession(of: connection, closedBy: next)
        case .lose(let count): lane.lose(on: connection, count: count)
        }
    }
}
