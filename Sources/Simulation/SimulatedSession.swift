import Exchanges

/// A simulated session: frames of all its connections by time.
///
/// Memory is bounded by the books and one step per connection, whatever the length.
public struct SimulatedSession: Sendable {
    /// The plan.
    public let plan: SimulationPlan
    /// Received frames so far.
    public private(set) var received = 0
    private var connections: [SimulatedConnection]
    private let end: Int64

    /// Starts a session.
    public init(_ plan: SimulationPlan) throws(SimulationError) {
        guard !plan.venues.isEmpty else { throw .noVenues }
        self.plan = plan
        connections = plan.venues.map { SimulatedConnection(plan, $0) }
        end = plan.duration.map { plan.start.addingReportingOverflow($0).partialValue } ?? .max
    }

    /// Passes the next frame and its bytes to `body`; false at the end.
    public mutating func next<Failure: Error>(
        _ body: (SimulatedFrame, RawSpan) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        if let limit = plan.frames, received >= limit { return false }
        var first = 0
        var record = connections[0].head()
        for index in connections.indices.dropFirst() {
            let head = connections[index].head()
            if head.time < record.time { (first, record) = (index, head) }
        }
        guard record.time < end else { return false }
        if record.kind == .received { received += 1 }
        let frame = SimulatedFrame(
            connection: first,
            kind: record.kind,
            time: record.time,
            path: record.path
        )
        let bytes = connections[first].stream.text.storage
        try body(frame, bytes.span.bytes.extracting(record.start..<record.end))
        connections[first].dropHead()
        return true
    }
}
