import ByteCoding
import MCAP
import MarketModel

/// Facts about a session, written at the start of each of its files.
public struct SessionFacts: Equatable, Sendable {
    /// When the session began: nanoseconds since the Unix epoch.
    ///
    /// It orders the files of a session among those of others.
    public var start: Int64
    /// Further facts in order: the manifest, versions, what a foreign format could not express.
    public var details: [(key: String, value: String)]

    /// Makes the facts.
    public init(start: Int64, details: [(key: String, value: String)] = []) {
        self.start = start
        self.details = details
    }

    /// Compares start and details in order.
    public static func == (left: SessionFacts, right: SessionFacts) -> Bool {
        left.start == right.start && left.details.count == right.details.count
            && zip(left.details, right.details).allSatisfy { $0 == $1 }
    }
}
