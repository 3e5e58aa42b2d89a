public import MarketModel

extension MarketSynchronizer {
    /// Applies a change of feeds: from acks, empty messages, or what a recording says was subscribed.
    ///
    /// `status.change` must be `.live` or `.unsubscribed`; book faults and breaks go through
    /// ``willReset(bookOf:at:on:for:)`` and ``breakConnection(_:isRevealedByFrame:)``.
    public mutating func apply(_ status: FeedStatus, on connection: Int32) {
        register(connection: connection)
        switch status.change {
        case .live: beginFeeds(status, on: connection)
        case .unsubscribed:
            let track = connections[Int(connection)]
            endFeeds(status, on: connection, at: track.previous ?? track.current)
        case .bookFault, .connectionBreak: break
        }
    }

    /// Ends every feed of a connection that lost messages after its last good frame.
    ///
    /// If the current frame reveals the loss, its last good frame is the one before: call this before
    /// ``begin(frame:for:)`` with `isRevealedByFrame` false, or during the frame with true.
    public mutating func breakConnection(_ connection: Int32, isRevealedByFrame: Bool) {
        register(connection: connection)
        let track = connections[Int(connection)]
        guard let time = isRevealedByFrame ? track.previous : track.current else { return }
        connections[Int(connection)].common = []
        for instrument in track.instruments {
            states[instrument.position].coverage.end(.all, on: connection, at: time)
        }
    }

    /// Ends feeds whose unsubscription the coming frame confirms, as of the connection's last frame.
    ///
    /// Call it before ``begin(frame:for:)``, so that the rows of that frame reflect it.
    public mutating func willUnsubscribe(_ status: FeedStatus, on connection: Int32) {
        register(connection: connection)
        endFeeds(status, on: connection, at: connections[Int(connection)].current)
    }

    private mutating func beginFeeds(_ status: FeedStatus, on connection: Int32) {
        let stamp = FrameStamp(
            connection: connection,
            receiveTime: status.receiveTime,
            exchangeTime: status.exchangeTime
        )
        let time = time(of: stamp)
        if let instrument = status.instrument {
            register(instrument)
            activate(instrument, on: connection)
            states[instrument.position].coverage.begin(status.kinds, on: connection, at: time)
            return
        }
        var kinds = status.kinds
        for feed in connections[Int(connection)].common { kinds.subtract(feed.kinds) }
        if !kinds.isEmpty { connections[Int(connection)].common.append(.init(kinds: kinds, since: time)) }
        for instrument in connections[Int(connection)].instruments {
            states[instrument.position].coverage.begin(status.kinds, on: connection, at: time)
        }
    }

    private mutating func endFeeds(_ status: FeedStatus, on connection: Int32, at time: Int64?) {
        guard let time else { return }
        if let instrument = status.instrument {
            register(instrument)
            states[instrument.position].coverage.end(status.kinds, on: connection, at: time)
            return
        }
        for index in connections[Int(connection)].common.indices {
            connections[Int(connection)].common[index].kinds.subtract(status.kinds)
        }
        for instrument in connections[Int(connection)].instruments {
            states[instrument.position].coverage.end(status.kinds, on: connection, at: time)
        }
    }
}
