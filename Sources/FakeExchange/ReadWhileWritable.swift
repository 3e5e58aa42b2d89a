import NIOCore
import NIOWebSocket

/// Reads nothing more of a client that takes nothing: what it asks for would only pile up.
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
