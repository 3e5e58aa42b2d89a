import NIOCore
import NIOWebSocket

/// Closes a connection that does not complete its request.
final class RequestDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    private let patience: TimeAmount
    private var timeout: Scheduled<Void>?

    init(_ patience: TimeAmount) { self.patience = patience }

    func handlerAdded(context: ChannelHandlerContext) {
        timeout = context.eventLoop.assumeIsolated().scheduleTask(in: patience) {
            context.close(promise: nil)
        }
    }

    /// The request is complete.
    func cancel() { timeout?.cancel() }

    func handlerRemoved(context: ChannelHandlerContext) { cancel() }
}
