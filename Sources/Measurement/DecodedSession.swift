public import MarketModel
public import Pipeline
public import Synchronizer

/// The decoded events of a session in memory, to measure the synchronizer.
public struct DecodedSession: Sendable {
    /// One frame: its connection, times and events.
    @frozen
    public struct Frame: Sendable {
        // Ordered without padding: 32 bytes.

        /// When it arrived: nanoseconds since the Unix epoch, UTC.
        public var receiveTime: Int64
        /// The venue's time of its envelope: nanoseconds since the Unix epoch, UTC; nil if it has none.
        public var exchangeTime: Int64?
        /// The connection, from 0.
        public var connection: Int32
        @usableFromInline var first: UInt32
        @usableFromInline var end: UInt32

        /// Makes a frame; its events are indexes in ``DecodedSession/order``.
        public init(connection: Int32, receiveTime: Int64, exchangeTime: Int64?, events: Range<Int>) {
            self.receiveTime = receiveTime
            self.exchangeTime = exchangeTime
            self.connection = connection
            first = UInt32(truncatingIfNeeded: events.lowerBound)
            end = UInt32(truncatingIfNeeded: events.upperBound)
        }

        /// Its events, as indexes in ``DecodedSession/order``.
        @inlinable
        public var events: Range<Int> { Int(first)..<Int(end) }

        /// The same frame at a later time, with its events at later indexes.
        func moved(by shift: Int64, _ indexes: Int) -> Frame {
            Frame(
                connection: connection,
                receiveTime: receiveTime + shift,
                exchangeTime: exchangeTime.map { $0 + shift },
                events: (events.lowerBound + indexes)..<(events.upperBound + indexes)
            )
        }
    }

    /// The events; those that count are in its order.
    public private(set) var batch: EventBatch
    /// The events that count, in log order.
    public var order: ReusedArray<EventReference> { batch.order }
    /// The frames in log order.
    public private(set) var frames: [Frame]

    /// A session of decoded events, and which of them count, in log order; status events do not.
    public init(batch: EventBatch, order: [EventReference], frames: [Frame]) {
        self.batch = batch
        self.batch.order = ReusedArray(order)
        self.frames = frames
    }

    /// The events repeated, later and with new trade ids, until there are `count`: the start of a short
    /// session should not dominate the measurement.
    public func repeated(untilThereAre count: Int) -> DecodedSession {
        guard let first = frames.first, let last = frames.last, !order.isEmpty else { return self }
        let span = last.receiveTime - first.receiveTime + UnixTime.millisecond
        var result = self
        var shift = span
        while result.order.count < count {
            result.append(self, later: shift)
            shift += span
        }
        return result
    }

    private mutating func append(_ session: DecodedSession, later shift: Int64) {
        let start = order.count
        for event in session.order { append(event, of: session.batch, later: shift) }
        frames += session.frames.map { $0.moved(by: shift, start) }
    }

    private mutating func append(_ event: EventReference, of other: EventBatch, later shift: Int64) {
        switch event.kind {
        case .book:
            var update = other.books[event.index]
            update.exchangeTime? += shift
            update.receiveTime += shift
            batch.append(update)
        case .trade:
            var trade = other.trades[event.index]
            trade.exchangeTime += shift
            trade.receiveTime += shift
            trade.id = another(trade.id)
            batch.append(trade)
        case .liquidation:
            var liquidation = other.liquidations[event.index]
            liquidation.exchangeTime += shift
            liquidation.receiveTime += shift
            batch.append(liquidation)
        case .fundingRate:
            var rate = other.fundingRates[event.index]
            rate.exchangeTime += shift
            rate.receiveTime += shift
            batch.append(rate)
        case .openInterest:
            var interest = other.openInterests[event.index]
            interest.exchangeTime += shift
            interest.receiveTime += shift
            batch.append(interest)
        case .status: return
        }
    }

    /// Another identifier of the same length, or longer if needed: the same one would be a duplicate.
    private func another(_ id: TradeID) -> TradeID {
        let digits = "\(batch.trades.count)"
        let text = String(repeating: "f", count: max(Int(id.length) - digits.count, 1)) + digits
        return TradeID(text) ?? .none
    }
}

extension MarketSynchronizer {
    /// Feeds the frames of a session in a range, as a replay does.
    ///
    /// Inlinable, to be specialized for the caller's host, so that little but the
    /// synchronizer is measured.
    @inlinable
    public mutating func feed(
        _ session: borrowing DecodedSession,
        _ range: Range<Int>,
        for host: inout some FrameHost
    ) {
        // Lent to the loop, which leaves it as it is: its arrays are not copied.
        var batch = session.batch
        feed(session.frames.span.extracting(range), &batch, for: &host)
    }

    @inlinable
    mutating func feed(
        _ frames: Span<DecodedSession.Frame>,
        _ batch: inout EventBatch,
        for host: inout some FrameHost
    ) {
        for index in frames.indices {
            let frame = frames[index]
            let stamp = FrameStamp(
                connection: frame.connection,
                receiveTime: frame.receiveTime,
                exchangeTime: frame.exchangeTime
            )
            begin(frame: stamp, for: &host)
            _ = apply(frame.events, of: &batch, on: frame.connection, for: &host)
        }
    }
}
