import NIOCore
import NIOWebSocket

/// One client of the fake exchange: answers its requests and sends what it subscribed to, in its time.
final class FakeExchangeClient: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let server: FakeExchangeServer
    private let source: any FrameSource
    private var desk: SubscriptionDesk
    /// The frame to be sent next, and its time.
    private var pending: (time: Int64, data: ByteBuffer)?
    /// When the first frame went out, and its recorded time.
    private var origin: (now: NIODeadline, time: Int64)?
    private var isOver = false
    private var isScheduled = false

    init(_ server: FakeExchangeServer, _ source: any FrameSource) {
        self.server = server
        self.source = source
        desk = SubscriptionDesk(exchange: server.options.exchange, market: server.options.market)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        switch frame.opcode {
        case .text:
            for answer in desk.answer(String(buffer: frame.unmaskedData)) {
                server.counts.answers += 1
                write(.text, ByteBuffer(string: answer), context)
            }
            context.flush()
            pump(context)
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

    // MARK: - Sending

    private func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, data: data)
        context.write(Self.wrapOutboundOut(frame), promise: nil)
    }

    /// Sends what is due, as long as the client reads.
    private func pump(_ context: ChannelHandlerContext) {
        guard desk.hasSubscriptions, !isScheduled else { return }
        var sent = 0
        while !isOver, context.channel.isWritable, sent < 256 {
            guard let frame = pending ?? nextFrame() else { break }
            if let wait = wait(until: frame.time) {
                pending = frame
                context.flush()
                return schedule(wait, context)
            }
            pending = nil
            send(frame.data, context)
            sent += 1
        }
        context.flush()
        // Others have their turn; a client that does not read is waited for.
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

    private func nextFrame() -> (time: Int64, data: ByteBuffer)? {
        while true {
            var frame: (time: Int64, data: ByteBuffer)?
            let goesOn = source.next { time, bytes in
                guard desk.wants(FrameTopic(bytes, exchange: server.options.exchange)) else { return }
                frame = (time, bytes.withUnsafeBytes { ByteBuffer(bytes: $0) })
            }
            if let frame { return frame }
            if !goesOn {
                server.counts.isOver = true
                return nil
            }
        }
    }

    private func send(_ data: ByteBuffer, _ context: ChannelHandlerContext) {
        server.position += 1
        let number = server.position
        for fault in server.options.faults where fault.kind != .refuse && fault.strikes(number) {
            server.counts.faults += 1
            switch fault.kind {
            case .drop: return
            case .duplicate: put(data, context)
            case .corrupt: return put(Self.corrupted(data), context)
            case .stall:
                isOver = true
                return put(data, context)
            case .close: return close(data, fault.code, context)
            case .refuse: break
            }
        }
        put(data, context)
    }

    private func put(_ data: ByteBuffer, _ context: ChannelHandlerContext) {
        server.counts.frames += 1
        write(.text, data, context)
    }

    private func close(_ data: ByteBuffer, _ code: UInt16, _ context: ChannelHandlerContext) {
        put(data, context)
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
