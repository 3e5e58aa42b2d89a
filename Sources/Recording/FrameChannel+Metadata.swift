import MCAP
import MarketModel

extension FrameChannel {
    /// Reads a channel of a file: connection and direction from the topic, the rest from the metadata.
    init(_ channel: Channel) {
        self.init(topic: channel.topic)
        let metadata = channel.metadata
        endpoint = metadata[ChannelKey.endpoint] ?? ""
        protocolID = metadata[ChannelKey.protocolID] ?? ""
        subscriptions = metadata[ChannelKey.subscriptions] ?? ""
        request = metadata[ChannelKey.request] ?? ""
        connection = metadata[ChannelKey.connection] ?? ""
        redundant = metadata[ChannelKey.redundant] ?? ""
        subscribedKinds = metadata[ChannelKey.subscribed].flatMap(FeedKinds.init(names:)) ?? []
    }

    /// The file's channel, without empty metadata.
    func channel(id: UInt16, encoding: String) -> Channel {
        var metadata: TextMap = [:]
        let facts = [
            (ChannelKey.exchange, exchange), (ChannelKey.market, market), (ChannelKey.endpoint, endpoint),
            (ChannelKey.protocolID, protocolID), (ChannelKey.subscriptions, subscriptions),
            (ChannelKey.request, request),
            (ChannelKey.subscribed, subscribedKinds.names.joined(separator: ",")),
            (ChannelKey.connection, connection), (ChannelKey.redundant, redundant),
        ]
        for (key, value) in facts where !value.isEmpty { metadata[key] = value }
        return Channel(id: id, topic: topic, messageEncoding: encoding, metadata: metadata)
    }
}
