import MarketModel

/// The synchronizer's state of a connection.
struct ConnectionTrack: Sendable {
    /// Kinds that are live for every instrument of the connection, and since when.
    struct CommonFeeds: Sendable {
        var kinds: FeedKinds
        var since: Int64
    }

    var common: [CommonFeeds] = []
    var instruments: [InstrumentIndex] = []
    // `Int64.min` before the first: optionals would cost every frame two tests.
    private var currentTime: Int64 = .min
    private var previousTime: Int64 = .min

    /// The current frame's time in the basis; nil before the first.
    var current: Int64? { currentTime == .min ? nil : currentTime }
    /// The previous frame's time in the basis; nil before the second.
    var previous: Int64? { previousTime == .min ? nil : previousTime }

    @inline(__always)
    mutating func beginFrame(at time: Int64) {
        previousTime = currentTime
        currentTime = time
    }

    /// Goes back to the frame before: what was begun was a reply, which does not show that the socket lives.
    mutating func endReply() { currentTime = previousTime }
}

extension ConnectionTrack: StateElement {
    static var blank: ConnectionTrack { ConnectionTrack() }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("common", &common)
        try coder.packed("instruments", &instruments)
        try coder.packed("currentTime", &currentTime)
        try coder.packed("previousTime", &previousTime)
    }
}

extension ConnectionTrack.CommonFeeds: StateElement {
    static var blank: Self { Self(kinds: [], since: 0) }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("kinds", &kinds)
        try coder.packed("since", &since)
    }
}
