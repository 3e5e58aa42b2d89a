import MarketModel

/// What the synchronizer keeps of a connection.
struct ConnectionTrack: Sendable {
    /// Kinds that are live for every instrument of the connection, and since when.
    var common: [(kinds: FeedKinds, since: Int64)] = []
    var instruments: [InstrumentIndex] = []
    // `Int64.min` before there is one: an optional each would cost every frame two tests.
    private var currentTime: Int64 = .min
    private var previousTime: Int64 = .min

    /// The time, in the basis, of the frame at hand; nil before the first.
    var current: Int64? { currentTime == .min ? nil : currentTime }
    /// That of the frame before it.
    var previous: Int64? { previousTime == .min ? nil : previousTime }

    @inline(__always)
    mutating func beginFrame(at time: Int64) {
        previousTime = currentTime
        currentTime = time
    }
}
