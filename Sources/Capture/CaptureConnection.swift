import Exchanges
import MarketModel
import NIOCore
import NIOWebSocket
import Recording

/// One connection on the event loop: performs its machine's actions and logs what its socket receives.
///
/// Everything here runs on the session's event loop.
final class CaptureConnection: SocketOwner, @unchecked Sendable {
    private let plan: CapturePlan.Connection
    private let index: Int
    private let endpoint: Endpoint
    private let client: WebSocketClient
    private unowned let session: CaptureSession
    private var machine: ConnectionMachine
    private var monitor: FeedMonitor
    private var channel: (any Channel)?
    /// Frames waiting for the end of the upgrade; nil after it.
    private var early: [WebSocketFrame]?
    /// Whether frames can be written; before, the socket still speaks HTTP.
    private var isUpgraded = false
    private var counts = CaptureCounts.Connection()
    /// Whether the last frame was dropped for lack of room in the queue.
    private var isLosing = false
    /// The last failure reported, and when.
    private var told: (reason: String, time: Int64)?
    private var warnings = WarningLimit()
    /// Whether the venue said that it will close this attempt.
    private var isCloseAnnounced = false
    /// The request for the channel with the venue's definitions, if this connection makes it.
    private let channelRequest: String?
    private static let repeatInterval = 30 * UnixTime.second

    init(_ plan: CapturePlan, _ index: Int, _ client: WebSocketClient, _ session: CaptureSession) throws {
        let connection = plan.connections[index]
        self.plan = connection
        self.index = index
        self.client = client
        self.session = session
        endpoint = try Endpoint(connection.address)
        channelRequest =
            plan.asksDefinitions(index) ? connection.exchange.definitions.channelRequest : nil
        let feeds = Self.feeds(plan, connection, channelRequest)
        machine = ConnectionMachine(
            Self.settings(plan, connection),
            feeds,
            seed: UInt64(bitPattern: session.start) &+ UInt64(index)
        )
        monitor = FeedMonitor(feeds)
        counts.name = "\(connection.exchange.name)/\(connection.market.rawValue)"
        counts.endpoint = endpoint.text
    }

    private static func settings(
        _ plan: CapturePlan,
        _ connection: CapturePlan.Connection
    ) -> ConnectionMachine.Settings {
        var settings = ConnectionMachine.Settings()
        settings.reconnect = plan.reconnectPolicy
        settings.openLimit = plan.openLimit
        settings.staleness = plan.staleness
        let rules = connection.exchange.session
        settings.venuePing = rules.ping?.text
        settings.venuePingInterval = rules.ping?.interval ?? settings.venuePingInterval
        return settings
    }

    private static func feeds(
        _ plan: CapturePlan,
        _ connection: CapturePlan.Connection,
        _ channelRequest: String?
    ) -> FeedSubscriptions {
        var settings = FeedSubscriptions.Settings()
        settings.silence = plan.silence
        settings.sharers = Int64(
            plan.connections.count {
                $0.exchange.name == connection.exchange.name && $0.standsFor == nil
            }
        )
        return FeedSubscriptions(
            connection.exchange,
            market: connection.market,
            connection.subscriptions,
            extras: [channelRequest].compactMap(\.self),
            settings: settings
        )
    }

    // MARK: - What the session asks

    func start() { perform(machine.start(at: session.now())) }

    func stop() {
        perform(machine.stop())
        sumWarnings(isLast: true)
    }

    func tick() {
        perform(machine.tick(at: session.now()))
        sumWarnings()
    }

    // MARK: - Turns

    /// What the change from this slot to another is judged by.
    func view(beside next: CaptureConnection) -> ConnectionRelay.View {
        ConnectionRelay.View(
            openSince: machine.openSince,
            isAnnounced: isCloseAnnounced,
            isNextOpen: next.machine.isOpen,
            isNextFlowing: next.machine.feeds.flow(like: machine.feeds, at: session.now())
        )
    }

    /// Its turn is over: another slot carries on what it brought.
    func rest(isClosed: Bool = false, code: Int64? = nil) {
        session.replies?.forget(index)
        perform(machine.rest(isClosed: isClosed, code: code))
    }

    /// Stops requesting symbols that another connection was told of.
    func leaveOut(_ offered: OfferedSymbols) {
        let rules = plan.exchange.definitions
        let unknown = plan.subscriptions.map(\.symbol).filter { rules.lists($0) && !offered.contains($0) }
        machine.leaveOut(unknown, reason: "not offered by the venue")
    }

    /// Shows a line about the connection, or counts it if there are too many.
    private func warn(_ text: String, _ now: Int64) {
        if warnings.admits(text, at: now) { session.warn("\(counts.name): \(text)") }
    }

    private func sumWarnings(isLast: Bool = false) {
        if let sum = warnings.sum(at: session.now(), isLast: isLast) {
            session.warn("\(counts.name): \(sum)")
        }
    }

    /// The counts so far.
    func currentCounts() -> CaptureCounts.Connection {
        (counts.isOpen, counts.hasOpened) = (machine.isOpen, machine.hasOpened)
        counts.lacking = machine.feeds.lacking(at: session.now())
        counts.isStopped = machine.isStopped
        counts.rejections = machine.feeds.refusals
        counts.hasGivenUp = machine.hasGivenUp
        counts.roundTrip = machine.roundTrip
        counts.reconnects = machine.reconnects
        counts.unknownFrames = monitor.unknownFrames
        counts.errorFrames = monitor.errorFrames
        counts.unsubscribed = monitor.unsubscribed
        return counts
    }

    /// Asks for snapshots of all books: a new file begins, or the log lacks frames.
    func resync(cause: String) {
        monitor.awaitSnapshots()
        perform(machine.renewBooks(cause: cause, at: session.now()))
    }

    /// Asks once more for the channel with the venue's definitions.
    func askChannel() {
        guard let channelRequest, let end = plan.exchange.definitions.channelRequest(.unsubscribe) else {
            return
        }
        let texts = [end, channelRequest]
        perform(machine.send(texts, at: session.now()))
    }

    // MARK: - What is asked by REST

    /// Asks for what is not streamed.
    func askValues() {
        guard let rules = plan.exchange.replyRules(of: plan.market) else { return }
        // One reply may tell of all symbols.
        var paths: Set<String> = []
        for feed in plan.subscriptions {
            for request in rules.polls(of: feed.kinds, symbol: feed.symbol)
            where paths.insert(request.path).inserted {
                session.replies?.ask(request, for: .poll, on: index)
            }
        }
    }

    private func askSeed(_ topic: Int) {
        let symbol = machine.feeds.topics[topic].feed.symbol
        let feed = plan.subscriptions.first { $0.symbol == symbol && $0.kinds.contains(.book) }
        let rules = plan.exchange.replyRules(of: plan.market)
        guard let request = rules?.seedRequest(for: symbol, depth: feed?.depth) else { return }
        guard session.replies?.serves(index) == true else {
            return warn(
                "books wait for replies of the REST interface, whose address is not known",
                session.now()
            )
        }
        session.replies?.ask(request, for: .seed(topic: topic), on: index)
    }

    /// The seed of a topic's book came, and is in the log.
    func seeded(_ body: RawSpan, path: String, of topic: Int) {
        let now = session.now()
        guard let findings = monitor.receive(seed: body, path: path, of: topic, at: now) else {
            return perform(machine.seedMissed(topic, at: now))
        }
        react(to: findings, now)
    }

    /// A request failed, and is made again.
    func requestFailed(_ failure: RESTFailure, _ purpose: ReplySchedule.Purpose) {
        var topic: String?
        if case .seed(let index) = purpose { topic = machine.feeds.topics[index].name }
        let record = StatusRecord(
            .rejected,
            epoch: machine.epoch,
            reason: failure.reason,
            code: failure.status,
            topic: topic ?? "polls"
        )
        perform([.logStatus(record)])
        warn(failure.reason, session.now())
    }

    func definitionsKnown(_ count: Int) { counts.definitions = count }

    /// The venue's symbols are known: reports subscribed ones that are not among them and continues with
    /// the others.
    func judge(_ offered: OfferedSymbols) {
        var unknown: [String] = []
        for symbol in plan.subscriptions.map(\.symbol)
        where plan.exchange.definitions.lists(symbol) && !offered.contains(symbol)
            && !unknown.contains(symbol)
        {
            unknown.append(symbol)
        }
        guard !unknown.isEmpty else { return }
        counts.unknownSymbols = unknown
        for symbol in unknown {
            let nearest = offered.nearest(to: symbol).joined(separator: ", ")
            session.warn(
                "\(counts.name): unknown symbol '\(symbol)'; nearest offered: \(nearest) "
                    + "(it is left out; --no-definitions leaves the judgement to the venue)"
            )
            let reason = "unknown symbol; nearest offered: \(nearest)"
            perform([.logStatus(StatusRecord(.rejected, epoch: machine.epoch, reason: reason, topic: symbol))]
            )
        }
        machine.leaveOut(unknown, reason: "not offered by the venue")
        counts.hasNothingLeft = plan.subscriptions.allSatisfy { unknown.contains($0.symbol) }
        guard counts.hasNothingLeft else { return }
        counts.lastFailure = "no symbol is offered"
        perform(machine.stop(reason: "no symbol is offered"))
    }

    // MARK: - What the socket tells

    func socketBegan(_ channel: any Channel) {
        // Its attempt was given up, for example because the name resolved too late.
        guard machine.isConnecting else { return channel.close(promise: nil) }
        self.channel = channel
    }

    func socketOpened(_ channel: any Channel) {
        guard machine.isConnecting else { return channel.close(promise: nil) }
        self.channel = channel
        early = []
        isCloseAnnounced = false
        monitor.connectionReset()
        perform(machine.opened(at: session.now()))
        if session.carries(index) { askValues() }
    }

    func socketReady() {
        for frame in early ?? [] { channel?.writeAndFlush(frame, promise: nil) }
        early = nil
        isUpgraded = true
    }

    func socketReceived(_ message: RawSpan) {
        // The log is closed: what an encrypted socket still receives is not part of the session.
        guard !machine.isStopped, !machine.isIdle else { return }
        let now = session.now()
        let isLogged = session.queue.enqueue(.received, connection: index, time: now, message)
        counts.frames += 1
        counts.bytes += UInt64(message.byteCount)
        counts.lastFrame = now
        let findings = monitor.receive(message, at: now)
        if !monitor.topics.isEmpty { counts.dataFrames += 1 }
        react(to: findings, now)
        perform(machine.data(of: monitor.topics, at: now))
        // Books in the log need new snapshots once it accepts frames again.
        if isLogged, isLosing { resync(cause: "dropped") }
        isLosing = !isLogged
    }

    private func react(to findings: FeedMonitor.Findings, _ now: Int64) {
        if findings.announcesClose { isCloseAnnounced = true }
        if let answer = findings.answer, machine.isOpen { send(answer) }
        if let list = findings.definitions { session.didReceiveDefinitions(list, on: index) }
        if let reply = findings.reply { perform(machine.answered(reply, at: now)) }
        if let cause = findings.broken { perform(machine.broken(cause: cause, at: now)) }
        for book in findings.lost {
            counts.gaps += 1
            perform(machine.bookLost(book.topic, cause: book.cause, at: now))
        }
        for missed in findings.missed {
            let subject = subject(machine.feeds.topics[missed.topic].name)
            session.record(GapNote(subject, cause: missed.cause), connection: index)
            session.record(GapNote(subject, tradesMissed: missed.count), connection: index)
        }
        for topic in findings.awaiting { perform(machine.seedAwaited(topic, at: now)) }
        for topic in findings.restored { perform(machine.bookRestored(topic)) }
    }

    func socketBroke() { counts.protocolErrors += 1 }

    func socketPong() { machine.pong(at: session.now()) }

    func socketClosed(reason: String, code: Int64?) {
        channel = nil
        isUpgraded = false
        if session.isReplaced(index) { return rest(isClosed: true, code: code) }
        perform(machine.closed(at: session.now(), reason: reason, code: code))
    }

    /// Reports why there is no connection, at once; the same reason again only after a while.
    private func tell(_ status: StatusRecord) {
        let reason = status.reason ?? status.stateName
        counts.lastFailure = reason
        let now = session.now()
        guard reason != told?.reason || now - (told?.time ?? 0) >= Self.repeatInterval else { return }
        told = (reason, now)
        warn("at \(endpoint.text): \(reason); trying again", now)
    }

    // MARK: - What the machine says

    private func perform(_ actions: [ConnectionMachine.Action]) {
        for action in actions { perform(action) }
    }

    /// Sends a close (1000) and closes, even if the socket accepts no more data.
    private func close() {
        if isUpgraded { write(.connectionClose, ByteBuffer(integer: UInt16(1000))) }
        channel?.close(promise: nil)
    }

    private func perform(_ action: ConnectionMachine.Action) {
        switch action {
        case .connect:
            session.replies?.forget(index)
            client.connect(endpoint, owner: self)
        case .send(let text): send(text)
        case .askSeed(let topic): askSeed(topic)
        case .ping: write(.ping, ByteBuffer())
        case .close: close()
        case .logStatus(let status):
            let json = Array(status.json.utf8)
            session.queue.enqueue(.status, connection: index, time: session.now(), json.span.bytes)
            let isLoss = status.state?.endsConnection == true && !status.isPlannedClose
            if isLoss, !machine.isStopped { tell(status) }
        case .openGap(let cause, let topic):
            session.record(GapNote(subject(topic), cause: cause), connection: index)
        case .closeGap(let topic): session.record(GapNote(subject(topic)), connection: index)
        case .report(let text): warn(text, session.now())
        }
    }

    private func subject(_ topic: String?) -> String {
        topic.map { "\(counts.name)/c\(index)/\($0)" } ?? "\(counts.name)/c\(index)"
    }

    private func send(_ text: String) {
        let now = session.now()
        let bytes = Array(text.utf8)
        session.queue.enqueue(.sent, connection: index, time: now, bytes.span.bytes)
        monitor.sent(text, at: now)
        write(.text, ByteBuffer(string: text))
    }

    private func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data)
        if early != nil {
            early?.append(frame)
        } else {
            channel?.writeAndFlush(frame, promise: nil)
        }
    }
}
