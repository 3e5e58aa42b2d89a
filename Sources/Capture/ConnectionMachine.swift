import Exchanges
package import MarketModel

/// Keeps one connection alive, as a pure state machine: takes events and times, returns actions.
///
/// It knows no socket, no clock and no thread. Times are receive times in nanoseconds.
package struct ConnectionMachine: Sendable {
    /// What the connection's owner must do.
    package enum Action: Equatable, Sendable {
        /// Open a socket.
        case connect
        /// Send a text frame.
        case send(String)
        /// Send a WebSocket ping.
        case ping
        /// Close the socket.
        case close
        /// Ask for the seed of a topic's book.
        case askSeed(topic: Int)
        /// Log a status record.
        case logStatus(StatusRecord)
        /// Record the beginning of a gap; `topic` nil = the whole connection.
        case openGap(cause: String, topic: String?)
        /// Record its end.
        case closeGap(topic: String?)
        /// Show the user at once.
        case report(String)
    }

    /// Limits and waits.
    package struct Settings: Sendable, Equatable {
        /// When to try again.
        package var reconnect = ReconnectPolicy()
        /// A connection not open after this time is given up.
        package var openLimit: Int64 = 20_000_000_000
        /// A connection without a data frame for this time is ended.
        package var staleness: Int64 = 60_000_000_000
        /// How often a WebSocket ping measures the round trip.
        package var pingInterval: Int64 = 15_000_000_000
        /// The text of the venue's own ping.
        package var venuePing: String?
        /// The interval of the venue's own ping.
        package var venuePingInterval: Int64 = 20_000_000_000

        /// The defaults.
        package init() {}
    }

    private enum Phase: Equatable, Sendable {
        case idle
        case connecting
        case open
        case closing
        case waiting(until: Int64)
        case stopped
    }

    private var settings: Settings
    private var phase = Phase.idle
    /// Connection attempts so far.
    package private(set) var epoch: UInt64 = 0
    /// Failed or lost connections since the last healthy one.
    package private(set) var failures = 0
    /// The first attempt since it was started.
    private var firstEpoch: UInt64 = 1
    /// Completed reconnects.
    package private(set) var reconnects = 0
    /// Whether the WebSocket was ever open.
    package private(set) var hasOpened = false
    private var attemptedAt: Int64 = 0
    private var openedAt: Int64 = 0
    private var lastData: Int64 = 0
    private var nextPing: Int64 = 0
    private var nextVenuePing: Int64 = 0
    private var pingSent: Int64?
    /// The last measured round trip, in nanoseconds; nil before the first pong.
    package private(set) var roundTrip: Int64?
    /// The subscriptions of the connection.
    private(set) var feeds: FeedSubscriptions
    private var hasOpenGap = false
    /// Whether data came since the open gap began.
    private var hasData = false
    /// When every topic had been refused.
    private var refusedAt: Int64?
    private var random: SplitMix

    /// Wait before ending on refusals: definitions may still show that the symbols do not exist.
    private static let refusalPatience = 5 * UnixTime.second

    /// Makes an idle machine; the seed determines the jitter.
    init(_ settings: Settings, _ feeds: FeedSubscriptions, seed: UInt64) {
        (self.settings, self.feeds) = (settings, feeds)
        random = SplitMix(seed)
    }

    /// Whether frames can be sent.
    package var isOpen: Bool { phase == .open }

    /// Whether an attempt is under way; a socket that opens otherwise is closed again.
    package var isConnecting: Bool { phase == .connecting }

    /// Since when it is open; nil if it is not.
    package var openSince: Int64? { phase == .open ? openedAt : nil }

    /// Whether it is not in use: another connection has its turn.
    package var isIdle: Bool { phase == .idle }

    /// Whether the session ended.
    package var isStopped: Bool { phase == .stopped }

    /// Whether attempts became rare before the WebSocket was ever open.
    package var hasGivenUp: Bool { !hasOpened && failures >= settings.reconnect.maximumAttempts }

    // MARK: - What happened

    /// The session begins.
    package mutating func start(at now: Int64) -> [Action] {
        guard phase == .idle else { return [] }
        firstEpoch = epoch + 1
        return attempt(now)
    }

    /// Another connection carries on what this one brought: it closes without a gap until it is started again.
    ///
    /// `isClosed` says that the socket is closed already, by the code.
    package mutating func rest(isClosed: Bool = false, code: Int64? = nil) -> [Action] {
        guard phase != .idle, phase != .stopped else { return [] }
        let wasOpen = phase == .open
        var actions: [Action] = []
        if wasOpen { actions.append(.logStatus(.plannedClose(epoch: epoch, code: code))) }
        if hasOpenGap { actions.append(.closeGap(topic: nil)) }
        (phase, hasOpenGap, failures) = (.idle, false, 0)
        actions += feeds.rest()
        return isClosed || !wasOpen ? actions : actions + [.close]
    }

    /// The WebSocket is open.
    package mutating func opened(at now: Int64) -> [Action] {
        guard phase == .connecting else { return [] }
        (phase, hasOpened) = (.open, true)
        (openedAt, lastData) = (now, now)
        nextPing = now + settings.pingInterval
        nextVenuePing = now + settings.venuePingInterval
        (pingSent, hasData) = (nil, false)
        if epoch > firstEpoch { reconnects += 1 }
        return [logStatus(.connected)] + feeds.opened(epoch: epoch, at: now)
    }

    /// A frame with data of `topics` arrived.
    mutating func data(of topics: [Int], at now: Int64) -> [Action] {
        guard !topics.isEmpty else { return [] }
        (lastData, hasData) = (now, true)
        if failures > 0, now - openedAt >= settings.reconnect.healthyPeriod { failures = 0 }
        var actions: [Action] = []
        for topic in topics { actions += feeds.spoke(topic, at: now) }
        return actions + gapEnd()
    }

    /// A connection's gap ends once data flows and all books are synced or have gaps of their own.
    private mutating func gapEnd() -> [Action] {
        // Data from a socket that is being closed ends no gap.
        guard hasOpenGap, hasData, phase == .open, feeds.booksStand else { return [] }
        hasOpenGap = false
        return [.closeGap(topic: nil)]
    }

    /// The venue answered a request.
    mutating func answered(_ reply: SubscriptionReply, at now: Int64) -> [Action] {
        guard phase == .open else { return [] }
        return feeds.answered(reply, at: now)
    }

    /// A pong arrived.
    package mutating func pong(at now: Int64) {
        if let sent = pingSent { roundTrip = now - sent }
        pingSent = nil
    }

    /// A book is wrong.
    mutating func bookLost(_ topic: Int, cause: String, at now: Int64) -> [Action] {
        afterFeeds(feeds.bookLost(topic, cause: cause, at: now), now)
    }

    /// A book has the snapshot it waited for.
    mutating func bookRestored(_ topic: Int) -> [Action] {
        feeds.bookRestored(topic) + gapEnd()
    }

    /// A delta of a book waits for its seed.
    mutating func seedAwaited(_ topic: Int, at now: Int64) -> [Action] {
        guard phase == .open else { return [] }
        return feeds.seedAwaited(topic, at: now)
    }

    /// The seed of a book came and is of no use.
    mutating func seedMissed(_ topic: Int, at now: Int64) -> [Action] {
        guard phase == .open else { return [] }
        return feeds.seedMissed(topic, at: now)
    }

    /// Messages of the connection are missing.
    mutating func broken(cause: String, at now: Int64) -> [Action] {
        guard phase == .open else { return [] }
        var actions: [Action] = []
        if !hasOpenGap { actions.append(.openGap(cause: cause, topic: nil)) }
        (hasOpenGap, hasData) = (true, false)
        return actions + afterFeeds(feeds.allBooksLost(cause: cause, at: now), now)
    }

    /// Requests new snapshots of correct books, as at a rotation.
    mutating func renewBooks(cause: String, at now: Int64) -> [Action] {
        afterFeeds(feeds.renewBooks(cause: cause, at: now), now)
    }

    /// Queues frames beside the subscriptions, within the venue's pace.
    mutating func send(_ texts: [String], at now: Int64) -> [Action] {
        guard phase == .open else { return [] }
        return feeds.send(texts, at: now)
    }

    /// Stops requesting symbols that the venue does not offer.
    mutating func leaveOut(_ symbols: [String], reason: String) {
        feeds.leaveOut(symbols, reason: reason)
    }

    /// Reconnects if the feeds demand it.
    private mutating func afterFeeds(_ actions: [Action], _ now: Int64) -> [Action] {
        guard let reason = feeds.reconnectReason(), phase == .open else { return actions }
        return actions + end(now, .disconnected, reason: reason, code: nil, closes: true)
    }

    /// The socket closed or could not be opened.
    package mutating func closed(at now: Int64, reason: String, code: Int64? = nil) -> [Action] {
        switch phase {
        case .connecting, .open: end(now, .disconnected, reason: reason, code: code, closes: false)
        case .closing:
            retry(now)
        case .idle, .waiting, .stopped: []
        }
    }

    /// Time passes.
    package mutating func tick(at now: Int64) -> [Action] {
        switch phase {
        case .waiting(let until): return now >= until ? attempt(now) : []
        case .connecting:
            guard now - attemptedAt >= settings.openLimit else { return [] }
            return end(
                now,
                .disconnected,
                reason: "the server does not open the WebSocket",
                code: nil,
                closes: true
            )
        case .open: break
        case .idle, .closing, .stopped: return []
        }
        if now - lastData >= max(settings.staleness, feeds.cadence) {
            return end(now, .stalled, reason: "no data frames", code: nil, closes: true)
        }
        if let actions = refusedWhole(now) { return actions }
        return pings(now) + afterFeeds(feeds.tick(at: now), now) + gapEnd()
    }

    /// Ends a connection whose every topic was refused.
    private mutating func refusedWhole(_ now: Int64) -> [Action]? {
        guard feeds.isRefusedWhole else {
            refusedAt = nil
            return nil
        }
        refusedAt = refusedAt ?? now
        guard let since = refusedAt, now - since >= Self.refusalPatience else { return nil }
        return stop(reason: "every topic was refused")
    }

    /// The session ends.
    package mutating func stop() -> [Action] {
        stop(reason: "session ended")
    }

    /// Ends the connection for good.
    package mutating func stop(reason: String) -> [Action] {
        let wasOpen = phase == .open
        phase = .stopped
        feeds.closed()
        return wasOpen ? [logStatus(.disconnected, reason: reason), .close] : []
    }

    // MARK: - Parts

    private func logStatus(
        _ state: ConnectionStatus,
        reason: String? = nil,
        code: Int64? = nil,
        topic: String? = nil
    ) -> Action {
        .logStatus(StatusRecord(state, epoch: epoch, reason: reason, code: code, topic: topic))
    }

    private mutating func attempt(_ now: Int64) -> [Action] {
        phase = .connecting
        attemptedAt = now
        epoch += 1
        return [logStatus(.connecting), .connect]
    }

    private mutating func end(
        _ now: Int64,
        _ state: ConnectionStatus,
        reason: String,
        code: Int64?,
        closes: Bool
    ) -> [Action] {
        var actions = [logStatus(state, reason: reason, code: code)]
        if phase == .open {
            if failures > 0, lastData - openedAt >= settings.reconnect.healthyPeriod { failures = 0 }
            let cause = state == .disconnected ? "disconnect" : state.rawValue
            if !hasOpenGap { actions.append(.openGap(cause: cause, topic: nil)) }
            (hasOpenGap, hasData) = (true, false)
            if !closes { actions += feeds.closedByVenue() }
            feeds.closed()
        }
        failures += 1
        guard closes else { return actions + retry(now) }
        phase = .closing
        return actions + [.close]
    }

    private mutating func retry(_ now: Int64) -> [Action] {
        phase = .waiting(
            until: now + settings.reconnect.delay(after: max(failures, 1), draw: random.fraction())
        )
        return []
    }

    private mutating func pings(_ now: Int64) -> [Action] {
        var actions: [Action] = []
        if now >= nextPing {
            nextPing = now + settings.pingInterval
            pingSent = now
            actions.append(.ping)
        }
        if let text = settings.venuePing, now >= nextVenuePing {
            nextVenuePing = now + settings.venuePingInterval
            actions.append(.send(text))
        }
        return actions
    }
}
