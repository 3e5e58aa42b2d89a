package import MarketModel

/// Counts of frames and events; decoded + ignored + unknown + errors = frames.
public struct PipelineCounts: Sendable, Equatable {
    /// Frames received.
    public var frames = 0
    /// Frames of decoded kinds.
    public var decodedFrames = 0
    /// Frames of kinds ignored on purpose, and book messages of topics shallower than the one the book
    /// follows.
    public var ignored = 0
    /// Frames of unknown kinds.
    public var unknown = 0
    /// Frames of which nothing could be read.
    public var errorFrames = 0
    /// Trades, book messages and frames lost to errors.
    public var decodeErrors = 0
    /// Entries of symbols that were not subscribed.
    public var unsubscribedSymbols = 0
    /// Book snapshots, one per venue message object.
    public var bookSnapshots = 0
    /// Book deltas, one per venue message object.
    public var bookDeltas = 0
    /// Book messages that another connection had brought; among no other count of books.
    public var duplicateBooks = 0
    /// Other messages that another connection of a group had brought; their events are in no count.
    public var duplicateMessages = 0
    /// Trades, including duplicates and snapshot lists.
    public var trades = 0
    /// Liquidations.
    public var liquidations = 0
    /// Funding rates.
    public var fundingRates = 0
    /// Open interests.
    public var openInterests = 0

    /// All zero.
    public init() {}

    /// Adds the counts of another pipeline.
    package mutating func add(_ other: Self) {
        frames += other.frames
        decodedFrames += other.decodedFrames
        ignored += other.ignored
        unknown += other.unknown
        errorFrames += other.errorFrames
        decodeErrors += other.decodeErrors
        unsubscribedSymbols += other.unsubscribedSymbols
        bookSnapshots += other.bookSnapshots
        bookDeltas += other.bookDeltas
        duplicateBooks += other.duplicateBooks
        duplicateMessages += other.duplicateMessages
        trades += other.trades
        liquidations += other.liquidations
        fundingRates += other.fundingRates
        openInterests += other.openInterests
    }
}

extension PipelineCounts: StateCodable {
    /// Writes or reads the counts.
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("frames", &frames)
        try coder.field("decodedFrames", &decodedFrames)
        try coder.field("ignored", &ignored)
        try coder.field("unknown", &unknown)
        try coder.field("errorFrames", &errorFrames)
        try coder.field("decodeErrors", &decodeErrors)
        try coder.field("unsubscribedSymbols", &unsubscribedSymbols)
        try coder.field("bookSnapshots", &bookSnapshots)
        try coder.field("bookDeltas", &bookDeltas)
        try coder.field("duplicateBooks", &duplicateBooks)
        try coder.field("duplicateMessages", &duplicateMessages)
        try coder.field("trades", &trades)
        try coder.field("liquidations", &liquidations)
        try coder.field("fundingRates", &fundingRates)
        try coder.field("openInterests", &openInterests)
    }
}
