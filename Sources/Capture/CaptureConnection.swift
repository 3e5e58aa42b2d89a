import Exchanges
import MarketModel
import NIOCore
import NIOWebSocket
import Recording

/// One connection on the event loop: performs what its machine says, logs what its socket brings.
///
/// Everything here runs on the one event loop of the session.
final class CaptureConnection: SocketOwner, @unchecked Sendable {
    private let plan: CapturePlan.Connection
    private let place: Int
    private let endpoint: Endpoint
    private let client: WebSocketClient
    private unowned let session: CaptureSession
    private var machine: ConnectionMachine
    private var monitor: FeedMonitor
    private var channel: (any Channel)?
    /// Frames that wait for the end of the upgrade; nil after it.
    private var early: [WebSocketFrame]?
    /// Whether frames can be written: before, the socket still speaks HTTP.
    private var isUpgraded = false
    private var counts = CaptureCounts.Connection()
    /// The failure that was told last, and when.
    private var told: (reason: String, time: Int64)?
    private var warnings = WarningLimit()
    /// The request for the channel that tells what the venue offers, if this connection makes it.
    private let channelRequest: String?
    private static let repeatInterval = 30 * UnixTime.second

    init(_ plan: CapturePlan, _ place: Int, _ client: WebSocketClient, _ session: CaptureSession) throws {
        let connection = plan.connections[place]
        self.plan = connection
        self.place = place
        self.client = client
        self.session = session
        endpoint = try Endpoint(connection.address)
        channelRequest =
            plan.asksDefinitions(place) ? connection.exchange.definitions.channelRequest : nil
        machine = ConnectionMachine(
            Self.settings(plan, connection, channelRequest),
            seed: UInt64(bitPattern: session.start) &+ UInt64(place)
        )
        monitor = FeedMonitor(connection.exchange, market: connection.market)
        counts.name = "\(connection.exchange.name)/\(connection.market.rawValue)"
        counts.endpoint = endpoint.text
    }

    private static func settings(
        _ plan: CapturePlan,
        _ connection: CapturePlan.Connection,
        _ channelRequest: String?
    ) -> ConnectionMachine.Settings {
        var settings = ConnectionMachine.Settings()
        settings.reconnect.initialDelay = plan.initialDelay
        settings.reconnect.maximumDelay = plan.maximumDelay
        settings.reconnect.jitter = plan.jitter
        settings.reconnect.maximumAttempts = plan.maximumAttempts
        settings.openLimit = plan.openLimit
        settings.staleness = plan.staleness
        settings.silence = plan.silence
        let rules = connection.exchange.capture
        settings.venuePing = rules.ping?.text
        settings.venuePingInterval = rules.ping?.interval ?? settings.venuePingInterval
        settings.reconnectsToResync = rules.recovery == .reconnect
        let requests = connection.exchange.requests(
            for: connection.subscriptions,
            market: connection.market
        )
        settings.requests = requests + [channelRequest].compactMap(\.self)
        return settings
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

    /// Shows a line about the connection, or counts it where there are too many.
    private func warn(_ text: String, _ now: Int64) {
        if warnings.admits(text, at: now) { session.warn("\(counts.name): \(text)") }
    }

    private func sumWarnings(isLast: Bool = false) {
        if let sum = warnings.sum(at: session.now(), isLast: isLast) {
            session.warn("\(counts.name): \(sum)")
        }
    }

    /// What happened so far.
    func currentCounts() -> CaptureCounts.Connection {
        (counts.isOpen, counts.hasOpened) = (machine.isOpen, machine.hasOpened)
        counts.isHopeless = machine.isHopeless
        counts.roundTrip = machine.roundTrip
        counts.reconnects = machine.reconnects
        counts.unknownFrames = monitor.unknownFrames
        counts.errorFrames = monitor.errorFrames
        return counts
    }

    /// Asks for snapshots of all books, as a new file begins.
    func resync() {
        let now = session.now()
        for book in monitor.books {
            perform(machine.resync("book/\(book.symbol)", cause: "rotation", requests(book), now))
        }
    }

    /// Asks once more for the channel that tells what the venue offers.
    func askChannel() {
        guard let channelRequest, machine.isOpen else { return }
        let end = channelRequest.replacing("\"subscribe\"", with: "\"unsubscribe\"")
        perform([.send(end), .send(channelRequest)])
    }

    func definitionsKnown(_ count: Int) { counts.definitions = count }

    /// The venue's symbols are known: tells those subscribed that are not among them, and goes on with the others.
    func judge(_ offered: OfferedSymbols) {
        var unknown: [String] = []
        for symbol in plan.subscriptions.map(\.symbol)
        where !offered.contains(symbol) && !unknown.contains(symbol) {
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
            perform([.note(StatusRecord(.rejected, epoch: machine.epoch, reason: reason, topic: symbol))])
        }
        let left = plan.subscriptions.filter { !unknown.contains($0.symbol) }
        counts.hasNothingLeft = left.isEmpty
        guard !left.isEmpty else {
            counts.lastFailure = "no symbol is offered"
            return perform(machine.stop(reason: "no symbol is offered"))
        }
        let requests = plan.exchange.requests(for: left, market: plan.market)
        perform(
            machine.replaceRequests(requests + [channelRequest].compactMap(\.self), at: session.now())
        )
    }

    private func requests(_ book: (symbol: String, depth: UInt32)) -> [String] {
        let depth = book.depth > 0 ? Int(book.depth) : nil
        let feed = [Subscription(.book, symbol: book.symbol, depth: depth)]
        return plan.exchange.endRequests(for: feed, market: plan.market)
            + plan.exchange.requests(for: feed, market: plan.market)
    }

    // MARK: - What the socket tells

    func socketBegan(_ channel: any Channel) {
        // Its attempt was given up, as when a name was found only after the limit.
        guard machine.isConnecting else { return channel.close(promise: nil) }
        self.channel = channel
    }

    func socketOpened(_ channel: any Channel) {
        guard machine.isConnecting else { return channel.close(promise: nil) }
        self.channel = channel
        early = []
        monitor.connectionReset()
        perform(machine.opened(at: session.now()))
    }

    func socketReady() {
        for frame in early ?? [] { channel?.writeAndFlush(frame, promise: nil) }
        early = nil
        isUpgraded = true
    }

    func socketReceived(_ message: RawSpan) {
        // The log is closed: what an encrypted socket still brings until its end is not of the session.
        guard !machine.isStopped else { return }
        let now = session.now()
        session.queue.put(.received, connection: place, time: now, message)
        counts.frames += 1
        counts.bytes += UInt64(message.byteCount)
        counts.lastFrame = now
        let findings = monitor.receive(message, at: now)
        if findings.isData {
            counts.dataFrames += 1
            perform(machine.data(on: findings.topic, at: now))
        }
        react(to: findings, now)
    }

    private func react(to findings: FeedMonitor.Findings, _ now: Int64) {
        for topic in findings.confirmed {
            perform([.note(StatusRecord(.subscribed, epoch: machine.epoch, topic: topic))])
        }
        if let list = findings.definitions { session.channelTold(list, on: place) }
        if let reason = findings.rejection { perform(machine.rejected(reason)) }
        if findings.isBroken {
            perform(machine.bookLost("all books", cause: "sequence", requests: [], at: now))
        }
        for book in findings.lost {
            counts.gaps += 1
            let topic = "book/\(book.symbol)"
            perform(
                machine.bookLost(
                    topic,
                    cause: book.cause,
                    requests: requests((book.symbol, book.depth)),
                    at: now
                )
            )
        }
        for missed in findings.missed {
            let subject = subject("trades/\(missed.symbol)")
            session.note(GapNote(subject, cause: missed.cause), connection: place)
            session.note(GapNote(subject, tradesMissed: missed.count), connection: place)
        }
        for symbol in findings.restored {
            perform(machine.bookRestored("book/\(symbol)"))
            perform(machine.bookRestored("all books"))
        }
    }

    func socketBroke() { counts.protocolErrors += 1 }

    func socketPong() { machine.pong(at: session.now()) }

    func socketClosed(reason: String, code: Int64?) {
        channel = nil
        isUpgraded = false
        perform(machine.closed(at: session.now(), reason: reason, code: code))
    }

    /// Says why there is no connection: at once, and the same again only after a while.
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

    /// Takes leave (1000) and closes; a socket that takes no more is closed all the same.
    private func close() {
        if isUpgraded { write(.connectionClose, ByteBuffer(integer: UInt16(1000))) }
        channel?.close(promise: nil)
    }

    private func perform(_ action: ConnectionMachine.Action) {
        switch action {
        case .connect: client.connect(endpoint, owner: self)
        case .send(let text): send(text)
        case .ping: write(.ping, ByteBuffer())
        case .close: close()
        case .note(let status):
            let json = Array(status.json.utf8)
            session.queue.put(.status, connection: place, time: session.now(), json.span.bytes)
            if status.state == .disconnected || status.state == .stalled, !machine.isStopped { tell(status) }
        case .openGap(let cause, let topic):
            session.note(GapNote(subject(topic), cause: cause), connection: place)
        case .closeGap(let topic): session.note(GapNote(subject(topic)), connection: place)
        case .report(let reason):
            counts.rejections += 1
            warn("the venue refused a request: \(reason)", session.now())
        }
    }

    private func subject(_ topic: String?) -> String {
        topic.map { "\(counts.name)/c\(place)/\($0)" } ?? "\(counts.name)/c\(place)"
    }

    private func send(_ text: String) {
        let now = session.now()
        let bytes = Array(text.utf8)
        session.queue.put(.sent, connection: place, time: now, bytes.span.bytes)
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
