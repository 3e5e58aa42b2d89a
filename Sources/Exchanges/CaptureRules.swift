/// What a recorder must know of an exchange beside its decoder.
public struct CaptureRules: Sendable {
    /// How a book that went wrong gets its next snapshot.
    public enum Recovery: Sendable {
        /// Its topic is unsubscribed and subscribed again.
        case resubscribe
        /// The connection is closed and opened again.
        case reconnect
    }

    /// How a book that went wrong gets its next snapshot.
    public var recovery: Recovery
    /// The most bytes of subscription requests on one connection; nil where the venue sets no limit.
    public var requestLimit: Int?
    /// Whether the trades of a symbol are numbered without holes, so that a hole tells how many were missed.
    public var numbersTrades: Bool
    /// A text the venue wants now and then, and how often in nanoseconds; nil where it wants none.
    public var ping: (text: String, interval: Int64)?

    /// Makes rules.
    public init(
        recovery: Recovery = .resubscribe,
        requestLimit: Int? = nil,
        numbersTrades: Bool = false,
        ping: (text: String, interval: Int64)? = nil
    ) {
        self.recovery = recovery
        self.requestLimit = requestLimit
        self.numbersTrades = numbersTrades
        self.ping = ping
    }
}
