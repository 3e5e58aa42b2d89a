/// What a request does with its topics.
public enum SubscriptionOperation: String, Sendable, CaseIterable {
    /// Begins them.
    case subscribe
    /// Ends them.
    case unsubscribe
}
