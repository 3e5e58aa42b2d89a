import Exchanges
import NIOCore
import NIOWebSocket

/// One client of the fake exchange: answers its requests and sends its subscriptions' frames at their
/// times.
final class FakeExchangeClient: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let server: FakeExchangeServer
    private let stream: ServedStream
    private let rules: any ServerRules
    private var subscriptions: SubscriptionResponder
    /// How far message numbers are behind the source's: one per frame left out.
    private var shift: Int64 = 0
    private var hasBegun = false
    /// Requests before frames flow.
    private var requests = 0
    private static let settling = TimeAmount.milliseconds(500)
    /// Heartbeats sent since they were asked for, how many of them are answered, and which time they were asked for.
    private var beats = (sent: 0, answered: 0, run: 0)
    private var isOver = false
    private var isScheduled = false
    private var context: ChannelHandlerContext?

    init(_ server: FakeExchangeServer, _ stream: ServedStream, _ rules: any ServerRules) {
        self.server = server
        self.stream = stream
        self.rules = rules
        let options = server.options
        let offer = ServedOffer(symbols: options.definitions?.symbols, depths: options.depths)
        subscriptions = SubscriptionResponder(rules, offer)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Whether it is sent what a stream that it shares brings.
    func listens(to stream: ServedStream) -> Bool { hasBegun && !isOver && self.stream === stream }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        switch frame.opcode {
        case .text:
            for answer in subscriptions.answer(String(buffer: frame.unmaskedData), at: stream.time) {
                server.counts.answers += 1
                write(.text, ByteBuffer(string: answer), context)
            }
            guard !subscriptions.closes else {
                isOver = true
                return context.close(promise: nil)
            }
            if subscriptions.answersHeartbeat { beats.answered = beats.sent }
            if let asked = subscriptions.heartbeats { beat(asked, context) }
            sendSnapshots(context)
            context.flush()
            begin(context)
        case .ping:
            write(.pong, frame.unmaskedData, context)
            context.flush()
        case .connectionClose:
            isOver = true
            write(.connectionClose, frame.unmaskedData, context)
            context.flush()
            context.close(promise: nil)
        default: break
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { pump(context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isOver = true
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    // MARK: - Subscribing

    /// Snapshots of topics subscribed during the replay, numbered to precede the next message.
    private func sendSnapshots(_ context: ChannelHandlerContext) {
        let (base, count) = (stream.nextNumber, Int64(stream.count(of: subscriptions.added)))
        let first = hasBegun ? base - shift : max(0, base - count)
        for snapshot in stream.snapshots(of: subscriptions.added, from: first) {
            server.counts.snapshots += 1
            write(.text, ByteBuffer(string: snapshot), context)
        }
        shift = base - first - count
    }

    /// Frames start once the client has had time to send all its requests; where others are sent them
    /// already, at once.
    private func begin(_ context: ChannelHandlerContext) {
        guard !hasBegun else { return pump(context) }
        guard subscriptions.hasSubscriptions else { return }
        if !server.listeners(to: stream).isEmpty {
            hasBegun = true
            return pump(context)
        }
        requests += 1
        let request = requests
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.settling) { [self] in
            guard request == requests, !isOver, !hasBegun else { return }
            // The source stood still while nobody listened.
            if server.listeners(to: stream).isEmpty { stream.origin = nil }
            hasBegun = true
            pump(context)
        }
    }

    // MARK: - Heartbeats

    /// Asks the client now and then whether it is there, by the clock whatever the pace of the source.
    private func beat(_ heartbeats: ServedHeartbeats, _ context: ChannelHandlerContext) {
        beats = (0, 0, beats.run + 1)
        if heartbeats.interval > 0 { scheduleBeat(heartbeats, beats.run, context) }
    }

    private func scheduleBeat(_ asked: ServedHeartbeats, _ run: Int, _ context: ChannelHandlerContext) {
        let loop = context.eventLoop.assumeIsolated()
        loop.scheduleTask(in: .nanoseconds(asked.interval)) { [weak self] in
            guard let self, let context = self.context, !isOver, run == beats.run else { return }
            beats.sent += 1
            let number = beats.sent
            write(.text, ByteBuffer(string: asked.text), context)
            context.flush()
            loop.scheduleTask(in: .nanoseconds(asked.patience)) { [weak self] in
                guard let self, !isOver, run == beats.run, beats.answered < number else { return }
                close(asked.code)
            }
            scheduleBeat(asked, run, context)
        }
    }

    // MARK: - Sending

    private func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, data: data)
        context.write(Self.wrapOutboundOut(frame), promise: nil)
    }

    /// Sends the frames that are due to all who listen, as long as they read.
    private func pump(_ context: ChannelHandlerContext) {
        guard hasBegun, subscriptions.hasSubscriptions, !isScheduled else { return }
        let audience = server.listeners(to: stream)
        var sent = 0
        defer { for client in audience { client.context?.flush() } }
        while !isOver, audience.allSatisfy(\.takesMore), sent < 256 {
            guard let time = stream.nextTime() else {
                server.counts.isOver = true
                if server.options.closesAtEnd { for client in audience { client.close(1_000) } }
                break
            }
            if let wait = wait(until: time) { return schedule(wait, context) }
            guard let frame = stream.popNext() else { break }
            for client in audience where !client.isOver { client.deliver(frame, time) }
            sent += 1
        }
        // Yields to other clients, and waits for one that does not read.
        if sent == 256, audience.allSatisfy(\.takesMore) { schedule(.zero, context) }
    }

    private var takesMore: Bool { isOver || context?.channel.isWritable != false }

    /// Sends a frame of the source if it is subscribed.
    private func deliver(_ frame: [UInt8], _ time: Int64) {
        guard let context, subscriptions.hasSubscriptions else { return }
        let number = rules.messageNumber(in: frame.span.bytes)
        guard subscriptions.wants(frame.span.bytes) else {
            if number != nil { shift += 1 }
            return
        }
        send(ByteBuffer(bytes: number?.lowered(by: shift, in: frame) ?? frame), time, context)
    }

    private func schedule(_ wait: TimeAmount, _ context: ChannelHandlerContext) {
        isScheduled = true
        context.eventLoop.assumeIsolated().scheduleTask(in: wait) { [self] in
            isScheduled = false
            if !isOver { pump(context) }
        }
    }

    private func wait(until time: Int64) -> TimeAmount? {
        guard let speed = server.options.speed else { return nil }
        guard let origin = stream.origin else {
            stream.origin = (.now(), time)
            return nil
        }
        let due = origin.now + .nanoseconds(Int64(Double(time - origin.time) / speed))
        let left = due - .now()
        return left > .zero ? left : nil
    }

    private func send(_ data: ByteBuffer, _ time: Int64, _ context: ChannelHandlerContext) {
        server.position += 1
        let start = server.sourceStart ?? time
        server.sourceStart = start
        var (sent, copies, code): (ByteBuffer, Int, UInt16?) = (data, 1, nil)
        // All faults due at a frame apply to it.
        for fault in server.faults.due(
            server.position,
            at: time - start,
            { $0 != .refuse && !$0.isOfRequests }
        ) {
            server.counts.faults += 1
            switch fault.kind {
            case .drop: copies = 0
            case .duplicate: copies *= 2
            case .corrupt: sent = Self.corrupted(data)
            case .stall: isOver = true
            case .close: code = fault.code
            case .shutdown: announce(closingAfter: .seconds(Int64(fault.seconds)), at: time, context)
            default: break
            }
        }
        for _ in 0..<copies { serve(sent, context) }
        if let code { close(code) }
    }

    /// Says in the venue's words that the connection will be closed, and closes it then.
    private func announce(closingAfter wait: TimeAmount, at time: Int64, _ context: ChannelHandlerContext) {
        if let notice = rules.closingNotice(at: time) { write(.text, ByteBuffer(string: notice), context) }
        context.eventLoop.assumeIsolated().scheduleTask(in: wait) { [self] in
            if !isOver { close(1_001) }
        }
    }

    private func serve(_ data: ByteBuffer, _ context: ChannelHandlerContext) {
        server.counts.frames += 1
        write(.text, data, context)
    }

    private func close(_ code: UInt16) {
        guard let context else { return }
        var reason = ByteBuffer()
        reason.writeInteger(code)
        isOver = true
        write(.connectionClose, reason, context)
        context.flush()
    }

    private static func corrupted(_ data: ByteBuffer) -> ByteBuffer {
        var changed = data
        let middle = changed.readerIndex + changed.readableBytes / 2
        if let byte = changed.getInteger(at: middle, as: UInt8.self) {
            changed.setInteger(byte ^ 1, at: middle)
        }
        return changed
    }
}
