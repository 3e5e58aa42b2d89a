import NIOCore

/// Limits connections to the available descriptors.
///
/// Others wait in the system's queue; without descriptors the listener would be woken for them endlessly.
final class AcceptLimit: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never

    private let limit: Int
    private var open = 0
    private var wantsRead = false

    /// Accepts at most `limit` connections at a time.
    init(_ limit: Int) { self.limit = max(limit, 1) }

    func read(context: ChannelHandlerContext) {
        wantsRead = open >= limit
        if !wantsRead { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        open += 1
        let child = Self.unwrapInboundIn(data)
        child.closeFuture.hop(to: context.eventLoop).assumeIsolated().whenComplete { [self] _ in
            open -= 1
            guard wantsRead, open < limit else { return }
            wantsRead = false
            context.read()
        }
        context.fireChannelRead(data)
    }
}
