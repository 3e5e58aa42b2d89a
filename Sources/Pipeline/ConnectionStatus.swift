/// What happened to a connection, as recorded on its status topic.
public enum ConnectionStatus: String, Sendable, CaseIterable {
    /// An attempt began.
    case connecting
    /// The socket is open: sequence numbers begin anew.
    case connected
    /// The venue confirmed a subscription.
    case subscribed
    /// The venue refused a subscription.
    case rejected
    /// The socket closed.
    case disconnected
    /// No data for too long; the socket is closed.
    case stalled
    /// A topic was silent; ends no feed.
    case silent
    /// Frames were lost between socket and log, here.
    case dropped
    /// A topic was subscribed anew to get a snapshot.
    case resync
    /// Writing went on after it had stopped.
    case resumed

    /// Whether messages of the connection may have been lost at this place.
    public var breaksFeeds: Bool { self == .disconnected || self == .stalled || self == .dropped }

    /// Whether the connection ends, and with it all it was subscribed to.
    public var endsConnection: Bool { self == .disconnected || self == .stalled }

    /// Whether what is sent next belongs to another attempt.
    public var beginsAttempt: Bool { self == .connecting || beginsAnew || endsConnection }

    /// Whether sequence numbers begin anew.
    public var beginsAnew: Bool { self == .connected || self == .disconnected }
}
