import MarketModel
package import Recording

/// What keeps one connection alive, as a pure value: it is told what happened and when, and says what to
/// do.
///
/// It knows no socket, no clock and no thread. Times are receive times in nanoseconds.
package struct ConnectionMachine: Sendable {
    /// What the connection's owner must do, in order.
    package enum Action: Equatable, Sendable {
        /// Open a socket.
        case connect
        /// Send a text frame.
        case send(String)
        /// Send a WebSocket ping.
        case ping
        /// Close the socket.
        case close
        /// Log a status record.
        case note(StatusRecord)
        /// Note the beginning of a gap; `topic` nil = the whole connection.
        case openGap(cause: String, topic: String?)
        /// Note its end.
        case closeGap(topic: String?)
        /// A subscription was refused: tell the user at once.
        case report(String)
    }

    /// Limits and waits.
    package struct Settings: Sendable, Equatable {
        /// When to try again.
        package var reconnect = ReconnectPolicy()
        /// A connection that is not open after so long is given up.
        package var openLimit: Int64 = 20_000_000_000
        /// No data frame for so long ends the connection.
        package var staleness: Int64 = 60_000_000_000
        /// A topic quiet for so long is noted.
        package var silence: Int64 = 5_000_000_000
        /// How often a WebSocket ping measures the round trip.
        package var pingInterval: Int64 = 15_000_000_000
        /// The least time between two resyncs of one topic.
        package var resyncInterval: Int64 = 5_000_000_000
        /// The venue's own ping: text and interval.
        package var venuePing: String?
        /// How often the venue wants it.
        package var venuePingInterval: Int64 = 20_000_000_000
        /// Whether a wrong book is mended by reconnecting rather than resubscribing.
        package var reconnectsToResync = false
        /// The frames that subscribe, sent on opening.
        package var requests: [String] = []

        /// The usual ones.
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

    private struct Topic: Sendable {
        var name: String
        var lastData: Int64
        var isSilent = false
    }

    private var settings: Settings
    private var phase = Phase.idle
    /// Connection attempts so far.
    package private(set) var epoch: UInt64 = 0
    /// Connections lost or not reached since the last healthy one.
    package private(set) var failures = 0
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
    private var topics: [Topic] = []
    private var lastResync: [(topic: String, time: Int64)] = []
    private var waitingResyncs: [(topic: String, requests: [String])] = []
    private var hasOpenGap = false
    private var random: UInt64

    /// Makes an idle machine; the seed decides the jitter.
    package init(_ settings: Settings, seed: UInt64) {
        self.settings = settings
        random = seed
    }

    /// Whether frames can be sent.
    package var isOpen: Bool { phase == .open }

    /// Whether an attempt goes on: what opens outside of one is closed again.
    package var isConnecting: Bool { phase == .connecting }

    /// Whether the session ended.
    package var isStopped: Bool { phase == .stopped }

    /// Whether attempts became rare before the WebSocket was ever open.
    package var isHopeless: Bool { !hasOpened && failures >= settings.reconnect.maximumAttempts }

    // MARK: - What happened

    /// The session begins.
    package mutating func start(at now: Int64) -> [Action] {
        guard phase == .idle else { return [] }
        return attempt(now)
    }

    /// The WebSocket is open.
    package mutating func opened(at now: Int64) -> [Action] {
        guard phase == .connecting else { return [] }
        (phase, hasOpened) = (.open, true)
        (openedAt, lastData) = (now, now)
        nextPing = now + settings.pingInterval
        nextVenuePing = now + settings.venuePingInterval
        (pingSent, topics, waitingResyncs) = (nil, [], [])
        if epoch > 1 { reconnects += 1 }
        return [note(.connected)] + settings.requests.map(Action.send)
    }

    /// A data frame arrived; `topic` is what it is about, nil if that is exempt from silence.
    package mutating func data(on topic: String?, at now: Int64) -> [Action] {
        lastData = now
        var actions: [Action] = []
        // What still comes from a socket that is being closed heals nothing.
        if hasOpenGap, phase == .open {
            hasOpenGap = false
            actions.append(.closeGap(topic: nil))
        }
        if failures > 0, now - openedAt >= settings.reconnect.healthyPeriod { failures = 0 }
        guard let topic else { return actions }
        if let place = topics.firstIndex(where: { $0.name == topic }) {
            topics[place].lastData = now
            if topics[place].isSilent {
                topics[place].isSilent = false
                actions.append(note(.resumed, topic: topic))
            }
        } else {
            topics.append(Topic(name: topic, lastData: now))
        }
        return actions
    }

    /// The venue refused a request.
    package mutating func rejected(_ reason: String) -> [Action] {
        [note(.rejected, reason: reason), .report(reason)]
    }

    /// A pong arrived.
    package mutating func pong(at now: Int64) {
        if let sent = pingSent { roundTrip = now - sent }
        pingSent = nil
    }

    /// A book of `topic` is wrong; `requests` fetch a new snapshot.
    package mutating func bookLost(
        _ topic: String,
        cause: String,
        requests: [String],
        at now: Int64
    ) -> [Action] {
        [.openGap(cause: cause, topic: topic)] + resync(topic, cause: cause, requests, now)
    }

    /// A new snapshot is wanted though nothing is wrong, as at a rotation.
    package mutating func resync(
        _ topic: String,
        cause: String,
        _ requests: [String],
        _ now: Int64
    ) -> [Action] {
        guard phase == .open else { return [] }
        let key = settings.reconnectsToResync ? "" : topic
        if let last = lastResync.first(where: { $0.topic == key })?.time,
            now - last < settings.resyncInterval
        {
            if !waitingResyncs.contains(where: { $0.topic == topic }) {
                waitingResyncs.append((topic, requests))
            }
            return []
        }
        lastResync.removeAll { $0.topic == key }
        lastResync.append((key, now))
        let status = note(.resync, reason: cause, topic: topic)
        guard settings.reconnectsToResync else { return [status] + requests.map(Action.send) }
        return [status] + end(now, .disconnected, reason: "resync: \(cause)", code: nil, closes: true)
    }

    /// A book of `topic` has its snapshot.
    package mutating func bookRestored(_ topic: String) -> [Action] {
        waitingResyncs.removeAll { $0.topic == topic }
        return [.closeGap(topic: topic)]
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
        if now - lastData >= settings.staleness {
            return end(now, .stalled, reason: "no data frames", code: nil, closes: true)
        }
        return pings(now) + silences(now) + dueResyncs(now)
    }

    /// Other requests subscribe from now on: some of those before named what the venue does not offer.
    ///
    /// A venue that takes several symbols in a request may have refused them all. Where what is still wanted was
    /// not asked for in requests of its own, the connection is therefore opened again.
    package mutating func replaceRequests(_ requests: [String], at now: Int64) -> [Action] {
        let isAsked = Set(settings.requests).isSuperset(of: requests)
        settings.requests = requests
        guard phase == .open, !isAsked else { return [] }
        return end(now, .disconnected, reason: "subscribing without unknown symbols", code: nil, closes: true)
    }

    /// The session ends.
    package mutating func stop() -> [Action] {
        stop(reason: "session ended")
    }

    /// Ends the connection for good.
    package mutating func stop(reason: String) -> [Action] {
        let wasOpen = phase == .open
        phase = .stopped
        return wasOpen ? [note(.disconnected, reason: reason), .close] : []
    }

    // MARK: - Parts

    private func note(
        _ state: StatusRecord.State,
        reason: String? = nil,
        code: Int64? = nil,
        topic: String? = nil
    ) -> Action {
        .note(StatusRecord(state, epoch: epoch, reason: reason, code: code, topic: topic))
    }

    private mutating func attempt(_ now: Int64) -> [Action] {
        phase = .connecting
        attemptedAt = now
        epoch += 1
        return [note(.connecting), .connect]
    }

    private mutating func end(
        _ now: Int64,
        _ state: StatusRecord.State,
        reason: String,
        code: Int64?,
        closes: Bool
    ) -> [Action] {
        var actions = [note(state, reason: reason, code: code)]
        if phase == .open {
            if failures > 0, lastData - openedAt >= settings.reconnect.healthyPeriod { failures = 0 }
            let cause = state == .disconnected ? "disconnect" : state.rawValue
            if !hasOpenGap { actions.append(.openGap(cause: cause, topic: nil)) }
            hasOpenGap = true
        }
        failures += 1
        guard closes else { return actions + retry(now) }
        phase = .closing
        return actions + [.close]
    }

    private mutating func retry(_ now: Int64) -> [Action] {
        phase = .waiting(until: now + settings.reconnect.delay(after: max(failures, 1), draw: draw()))
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

    private mutating func silences(_ now: Int64) -> [Action] {
        var actions: [Action] = []
        for place in topics.indices where !topics[place].isSilent {
            guard now - topics[place].lastData >= settings.silence else { continue }
            topics[place].isSilent = true
            actions.append(note(.silent, topic: topics[place].name))
        }
        return actions
    }

    private mutating func dueResyncs(_ now: Int64) -> [Action] {
        let waiting = waitingResyncs
        waitingResyncs = []
        var actions: [Action] = []
        for (topic, requests) in waiting { actions += resync(topic, cause: "again", requests, now) }
        return actions
    }

    /// SplitMix64: jitter needs no better.
    private mutating func draw() -> Double {
        random = random &+ 0x9e37_79b9_7f4a_7c15
        var word = (random ^ (random >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return Double((word ^ (word >> 31)) >> 11) * 0x1p-53
    }
}
