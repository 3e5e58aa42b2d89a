public import MarketModel

/// Turns the frames of one connection into events: a pure value without file or clock.
///
/// Its state leaves out what ``restrict(to:)`` sets: who reads a state restricts the decoder again.
///
/// It allocates nothing per frame in the steady state. A decoder's frames share one
/// ``InstrumentTable``, that of the batches it is given.
public protocol FrameDecoder: Sendable {
    /// Decodes a received frame.
    ///
    /// Appends events to `batch` and adds to its ``EventBatch/errorCount``; sets its
    /// ``EventBatch/frameTime``. `receiveTime` is in nanoseconds since the Unix epoch. Of an unreadable
    /// frame nothing is appended.
    mutating func decode(_ frame: RawSpan, receiveTime: Int64, into batch: inout EventBatch) -> FrameOutcome

    /// Decodes the reply to a request of the connection's session: the seed of a book, a polled value.
    ///
    /// As ``decode(_:receiveTime:into:)``; `path` is that of the request, with its query, empty where it is not
    /// known. ``FrameOutcome/unknown`` of replies that no event is made of, such as definitions; the default.
    mutating func decodeReply(
        _ body: RawSpan,
        path: String,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome

    /// Records a frame sent to the venue: subscriptions that wait for their acks.
    mutating func sent(_ frame: RawSpan, receiveTime: Int64)

    /// Reads the subscription arguments of the connection's channel, and the topics that its address names.
    ///
    /// Ignored by default: messages, requests and acks tell what they are about.
    mutating func described(_ subscriptions: String)

    /// Says which symbols were subscribed: entries of others make neither events nor instruments, and are counted in
    /// ``EventBatch/unsubscribedCount``; a frame that has no others is ``FrameOutcome/unknown``.
    mutating func restrict(to symbols: SubscribedSymbols)

    /// Takes over what another connection that brings the same was told of the market, such as by replies.
    ///
    /// Ignored by default: each connection is told all.
    mutating func learn(from other: any FrameDecoder)

    /// Forgets what belongs to the connection attempt: numbers, waiting subscriptions, merged states.
    mutating func connectionReset()

    /// What of a decoded frame is equal on all connections that bring it, where neither number nor id tells that it is the
    /// same: all of it, by default.
    func payload(of frame: RawSpan) -> Range<Int>

    /// Messages of the connection whose number was the one that follows, and those whose was another.
    ///
    /// Both zero at venues that number topics rather than connections.
    var sequences: (verified: Int, broken: Int) { get }

    /// Writes the state of the connection, or reads it: each stored field that is no cache.
    mutating func code(_ coder: inout StateCoder) throws(StateError)
}

extension FrameDecoder {
    /// All of it.
    public func payload(of frame: RawSpan) -> Range<Int> { 0..<frame.byteCount }

    /// Ignores it.
    public mutating func described(_ subscriptions: String) {}

    /// Ignores it.
    public mutating func learn(from other: any FrameDecoder) {}

    /// Makes nothing of it: all that the venue has comes over the socket.
    public func decodeReply(
        _ body: RawSpan,
        path: String,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome { .unknown }
}
