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
    /// When the first frame went out, and its recorded time.
    private var origin: (now: NIODeadline, time: Int64)?
    private var isOver = false
    private var isScheduled = false

    init(_ server: FakeExchangeServer, _ stream: ServedStream, _ rules: any ServerRules) {
        self.server = server
        self.stream = stream
        self.rules = rules
        let options = server.options
        let offer = ServedOffer(symbols: options.definitions?.symbols, depths: options.depths)
        subscriptions = SubscriptionResponder(rules, offer)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        switch frame.opcode {
        case .text:
            for answer in subscriptions.answer(String(buffer: frame.unmaskedData), at: stream.time) {
                server.counts.answers += 1
                write(.text, ByteBuffer(string: answer), context)
            }
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

    /// Frames start once the client has had time to send all its requests.
    private func begin(_ context: ChannelHandlerContext) {
        guard !hasBegun else { return pump(context) }
        guard subscriptions.hasSubscriptions else { return }
        requests += 1
        let request = requests
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.settling) { [self] in
            guard request == requests, !isOver else { return }
            hasBegun = true
            pump(context)
        }
    }

    // MARK: - Sending

    private func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, data: data)
        context.write(Self.wrapOutboundOut(frame), promise: nil)
    }

    /// Sends the frames that are due, as long as the client reads.
    private func pump(_ context: ChannelHandlerContext) {
        guard hasBegun, subscriptions.hasSubscriptions, !isScheduled else { return }
        var sent = 0
        while !isOver, context.channel.isWritable, sent < 256 {
            guard let time = stream.nextTime() else {
                server.counts.isOver = true
                if server.options.closesAtEnd { close(1_000, context) }
                break
            }
            if let wait = wait(until: time) {
                context.flush()
                return schedule(wait, context)
            }
            guard let frame = stream.popNext() else { break }
            if subscriptions.wants(frame.span.bytes) {
                let number = rules.messageNumber(in: frame.span.bytes)
                let data = ByteBuffer(bytes: number?.lowered(by: shift, in: frame) ?? frame)
                send(data, time, context)
            } else {
                shift += 1
            }
            sent += 1
        }
        context.flush()
        // Yields to other clients, and waits for one that does not read.
        if sent == 256, context.channel.isWritable { schedule(.zero, context) }
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
        guard let origin else {
            self.origin = (.now(), time)
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
            default: break
            }
        }
        for _ in 0..<copies { serve(sent, context) }
        if let code { close(code, context) }
    }

    private func serve(_ data: ByteBuffer, _ context: ChannelHandlerContext) {
        server.counts.frames += 1
        write(.text, data, context)
    }

    private func close(_ code: UInt16, _ context: ChannelHandlerContext) {
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
