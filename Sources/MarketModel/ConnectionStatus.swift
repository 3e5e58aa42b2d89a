/// What happened to a connection, as recorded on its status topic.
public enum ConnectionStatus: String, Sendable, CaseIterable {
    /// An attempt began.
    case connecting
    /// The WebSocket is open: sequence numbers start over.
    case connected
    /// The venue confirmed a subscription.
    case subscribed
    /// The venue refused a subscription.
    case rejected
    /// The connection ended.
    case disconnected
    /// No data for so long that the connection is given up.
    case stalled
    /// A topic has been quiet for a while; ends no feed.
    case silent
    /// Frames were not logged: the disk did not keep up.
    case dropped
    /// Book topics were subscribed again so that a snapshot follows.
    case resync
    /// Data flows again after writing had stopped.
    case resumed

    /// Whether messages of the connection may be missing here.
    public var breaksFeeds: Bool { self == .disconnected || self == .stalled || self == .dropped }

    /// Whether the connection ends, and with it all it was subscribed to.
    public var endsConnection: Bool { self == .disconnected || self == .stalled }

    /// Whether what is sent next belongs to another attempt.
    public var beginsAttempt: Bool { self == .connecting || beginsAnew || endsConnection }

    /// Whether sequence numbers start over.
    public var beginsAnew: Bool { self == .connected || self == .disconnected }
}
