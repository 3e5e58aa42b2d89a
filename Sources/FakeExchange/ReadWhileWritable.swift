import NIOCore
import NIOWebSocket

/// Stops reading from a client that does not read, so that answers do not pile up.
final class ReadWhileWritable: ChannelDuplexHandler {
    typealias InboundIn = Any
    typealias OutboundIn = Any

    private var wantsRead = false

    func read(context: ChannelHandlerContext) {
        wantsRead = !context.channel.isWritable
        if !wantsRead { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, wantsRead {
            wantsRead = false
            context.read()
        }
        context.fireChannelWritabilityChanged()
    }
}
