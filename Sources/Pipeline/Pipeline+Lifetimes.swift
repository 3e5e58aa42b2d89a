import Exchanges
public import MarketModel
import OrderBooks
import Synchronizer

// What ends sessions, connections, feeds and books: see "What ends when" in docs/ARCHITECTURE.md.
extension Pipeline {
    /// Processes a status record of a connection; returns what it ended, if anything.
    @discardableResult
    public mutating func apply(
        _ status: ConnectionStatus,
        on connection: Int32,
        receiveTime: Int64
    ) -> FeedsEnd? {
        defer {
            if status.beginsAnew { connections[Int(connection)].decoder.connectionReset() }
            if status == .connected { learn(connection) }
        }
        let moment = ResetMoment.status(receiveTime)
        if status == .dropped { return loseFrames(of: connection, at: moment) }
        // A new attempt implies the end of the last one.
        if status.beginsAttempt { connections[Int(connection)].hasData = false }
        return status.endsConnection || status == .connected ? end(connection, at: moment) : nil
    }

    /// Ends a connection whose session ended, effective at its own last frame; nil if it is not open.
    ///
    /// Feeds, depths, books, merged tickers and numbers end with it. Clocks and rows, the latest funding
    /// and interest, the ids of trades and definitions belong to instruments and continue.
    public mutating func endSession(of connection: Int32) -> FeedsEnd? {
        connections[Int(connection)].decoder.connectionReset()
        return end(connection, at: .frame)
    }

    /// Handles frames missing after a connection's last one; nil if that was known, or it had none.
    public mutating func loseFrames(of connection: Int32) -> FeedsEnd? {
        loseFrames(of: connection, at: .frame)
    }

    /// The last frame of the log was another pipeline's, received at this time: nanoseconds since the Unix epoch.
    package mutating func passLastFrame(at time: Int64) { synchronizer.passLastFrame(at: time) }

    // MARK: - Parts

    /// Ends the feeds that this frame shows to have ended with the previous one.
    ///
    /// Rows emitted by this frame must already see that.
    mutating func endFeeds(on connection: Int32) {
        if batch.statuses.contains(where: { $0.change == .connectionBreak }) {
            synchronizer.breakConnection(connection, isRevealedByFrame: false)
            connections[Int(connection)].awaitsFrame = true
        }
        for status in batch.statuses where status.change == .unsubscribed {
            if let instrument = status.instrument, status.kinds.contains(.book) {
                _ = host.books.keepers[instrument.position].endTopic(
                    connection: connection,
                    depth: status.depth
                )
            }
            synchronizer.willUnsubscribe(ending(status, on: connection), on: connection)
        }
    }

    mutating func apply(_ status: FeedStatus, on connection: Int32) {
        switch status.change {
        case .live:
            if let instrument = status.instrument, status.kinds.contains(.book), let depth = status.depth {
                host.books.keepers[instrument.position].subscribed(connection: connection, depth: depth)
            }
            synchronizer.apply(status, on: connection)
        case .connectionBreak: gapBooks(of: connection, at: .frame, status.receiveTime, .sequence)
        case .bookFault: fault(status, on: connection)
        case .unsubscribed: unsubscribe(status, on: connection)
        }
    }

    /// What an unsubscription ends: not a book that another topic of the connection carries.
    private func ending(_ status: FeedStatus, on connection: Int32) -> FeedStatus {
        guard let instrument = status.instrument, status.kinds.contains(.book),
            host.books.keepers[instrument.position].isCarried(by: connection)
        else { return status }
        var status = status
        status.kinds.remove(.book)
        return status
    }

    private mutating func unsubscribe(_ status: FeedStatus, on connection: Int32) {
        if let instrument = status.instrument, status.kinds.contains(.book) {
            endBookTopic(instrument, status, on: connection)
        }
        synchronizer.apply(ending(status, on: connection), on: connection)
    }

    private mutating func endBookTopic(
        _ instrument: InstrumentIndex,
        _ status: FeedStatus,
        on connection: Int32
    ) {
        let index = instrument.position
        guard host.books.keepers[index].connection != nil,
            host.books.keepers[index].isSource(connection, status.depth)
        else { return }
        if host.books.keepers[index].isCarriedOn(without: connection) {
            _ = host.books.keepers[index].unsubscribed(connection: connection, depth: status.depth)
            return
        }
        synchronizer.willReset(bookOf: instrument, at: .frame, on: connection, for: &host)
        _ = host.books.keepers[index].unsubscribed(connection: connection, depth: status.depth)
        didChange(instrument, on: connection, status.receiveTime, isNew: false)
    }

    private mutating func fault(_ status: FeedStatus, on connection: Int32) {
        guard let instrument = status.instrument else {
            gapBooks(of: connection, at: .frame, status.receiveTime, .malformed)
            return
        }
        let index = instrument.position
        guard host.books.keepers[index].isSource(connection, status.depth) else { return }
        guard host.books.keepers[index].book.state != .gapped else {
            // It stays gapped; the lost message's number is unknown.
            _ = host.books.keepers[index].messageLost(connection: connection, depth: status.depth)
            return
        }
        synchronizer.willReset(bookOf: instrument, at: .frame, on: connection, for: &host)
        let isNew = host.books.keepers[index].messageLost(connection: connection, depth: status.depth)
        didChange(instrument, on: connection, status.receiveTime, isNew: isNew)
    }

    private mutating func end(_ connection: Int32, at moment: ResetMoment) -> FeedsEnd? {
        if connections[Int(connection)].hasEnded { return nil }
        connections[Int(connection)].hasEnded = true
        return endFeeds(of: connection, at: moment, isEnd: true)
    }

    private mutating func loseFrames(of connection: Int32, at moment: ResetMoment) -> FeedsEnd? {
        if connections[Int(connection)].lacksFrames { return nil }
        connections[Int(connection)].lacksFrames = true
        return endFeeds(of: connection, at: moment, isEnd: false)
    }

    /// Ends the feeds of a connection at its last frame, and gaps its books.
    private mutating func endFeeds(
        of connection: Int32,
        at moment: ResetMoment,
        isEnd: Bool
    ) -> FeedsEnd? {
        guard let lastFrame = connections[Int(connection)].lastFrame else { return nil }
        synchronizer.breakConnection(connection, isRevealedByFrame: false)
        connections[Int(connection)].awaitsFrame = true
        let time = if case .status(let receiveTime) = moment { receiveTime } else { lastFrame }
        let gapped = gapBooks(of: connection, at: moment, time, .connection, ended: isEnd)
        return FeedsEnd(lastFrame: lastFrame, gapped: gapped)
    }

    /// Gaps the books that a connection leads and none carries on, and returns those newly gapped; `ended` also ends its topics.
    @discardableResult
    private mutating func gapBooks(
        of connection: Int32,
        at moment: ResetMoment,
        _ receiveTime: Int64,
        _ cause: GapCause,
        ended: Bool = false
    ) -> [Instrument] {
        var gapped: [Instrument] = []
        for index in host.books.keepers.indices {
            let instrument = InstrumentIndex(UInt32(index))
            // A book that is gapped stays so: that changes nothing at this time.
            let isReset =
                host.books.keepers[index].connection == connection
                && host.books.keepers[index].book.state != .gapped
                && !host.books.keepers[index].isCarriedOn(without: connection)
            if isReset { synchronizer.willReset(bookOf: instrument, at: moment, on: connection, for: &host) }
            let isNew =
                ended
                ? host.books.keepers[index].connectionEnded(connection)
                : host.books.keepers[index].connectionLost(connection)
            guard isReset else { continue }
            if isNew { gapped.append(host.reducer.instruments[index]) }
            didChange(instrument, on: connection, receiveTime, isNew: isNew, cause: cause)
        }
        return gapped
    }

    private mutating func didChange(
        _ instrument: InstrumentIndex,
        on connection: Int32,
        _ receiveTime: Int64,
        isNew: Bool,
        cause: GapCause? = nil
    ) {
        synchronizer.didApply(
            instrument,
            isGapped: host.books.keepers[instrument.position].book.state == .gapped,
            for: &host
        )
        guard isNew, let cause = cause ?? host.books.keepers[instrument.position].gapCause else { return }
        host.reducer.gapped(instrument, cause, at: receiveTime, on: connection)
    }
}
