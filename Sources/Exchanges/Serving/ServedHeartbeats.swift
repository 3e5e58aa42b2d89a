/// What a venue asks of a client now and then, to find out whether it is there.
///
/// Durations in nanoseconds.
public struct ServedHeartbeats: Equatable, Sendable {
    /// How far apart it asks.
    public var interval: Int64
    /// What it says.
    public var text: String
    /// How long it waits for the answer before it closes the connection.
    public var patience: Int64
    /// The code of that close.
    public var code: UInt16

    /// Heartbeats of a text, so far apart; who does not answer in time is closed.
    public init(_ text: String, every interval: Int64, patience: Int64, code: UInt16) {
        (self.text, self.interval, self.patience, self.code) = (text, interval, patience, code)
    }
}
