import MCAP
import MarketModel

/// Keys of channel metadata.
enum ChannelKey {
    static let exchange = "exchange"
    static let market = "market"
    static let endpoint = "endpoint"
    static let protocolID = "protocol"
    static let subscriptions = "subscriptions"
    static let request = "request"
    static let subscribed = "subscribed"
    static let connection = "connection"
    static let redundant = "redundant"
}
