public import Exchanges
import MarketModel
public import Recording
import Simulation

/// The frames of one connection of a recording.
public final class RecordedSource: ServedFrames {
    private let reader: RecordingReader
    private let channel: FrameChannel

    /// Opens a recording; `topic` is the channel's, such as `/EXCHANGE/spot/c0/in`.
    public init(path: String, topic: String) throws(RecordingError) {
        reader = try RecordingReader(path: path, order: .time)
        channel = FrameChannel(topic: topic)
    }

    /// The depths of the books on a recorded connection, by its topics and acks; nil if unknown.
    ///
    /// Reads the first 20,000 frames only: subscriptions are at the beginning.
    public static func depths(
        path: String,
        of channel: FrameChannel,
        catalog: ExchangeCatalog = .standard
    ) throws(RecordingError) -> Set<Int>? {
        guard let exchange = catalog.named(channel.exchange) else { return nil }
        let rules = exchange.server(of: Market(rawValue: channel.market) ?? .spot)
        let reader = try RecordingReader(path: path, order: .time)
        var (depths, left) = (Set<Int>(), 20_000)
        while left > 0, try reader.advance() {
            guard reader.channel.topic == channel.topic else { continue }
            left -= 1
            if let depth = rules.bookDepth(in: reader.bytes) {
                depths.insert(depth)
            }
        }
        return depths.isEmpty ? nil : depths
    }

    /// Passes on the next frame or reply.
    public func next(_ body: (Int64, String?, RawSpan) -> Void) -> Bool {
        while (try? reader.advance()) == true {
            let reader = reader
            let isReply = reader.channel.direction == .http && reader.channel.isConnection(of: channel)
            guard isReply || reader.channel.topic == channel.topic else { continue }
            body(reader.receiveTime, isReply ? reader.channel.request : nil, reader.bytes)
            return true
        }
        return false
    }
}
