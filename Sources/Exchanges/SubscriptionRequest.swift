/// One frame that begins or ends subscriptions.
public struct SubscriptionRequest: Equatable, Sendable {
    /// The positions of its topics in the list that was asked for.
    public var indexes: [Int]
    /// The frame, without an id.
    public var text: String

    /// A frame for the topics at `indexes`.
    public init(_ indexes: [Int], _ text: String) { (self.indexes, self.text) = (indexes, text) }
}
