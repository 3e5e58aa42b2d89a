import MarketModel

/// The topics that carry one book, by connection and depth; usually few.
struct BookTopics: Sendable {
    private var topics: [Topic] = []
    /// No venue offers this many depths; more are ignored.
    private static let limit = 64

    fileprivate struct Topic: Sendable, Equatable {
        var connection: Int32
        var depth: UInt32
    }

    mutating func begin(_ connection: Int32, _ depth: UInt32) {
        let topic = Topic(connection: connection, depth: depth)
        if topics.count < BookTopics.limit, !topics.contains(topic) { topics.append(topic) }
    }

    /// Ends a topic, or all of the connection's if `depth` is nil.
    mutating func end(_ connection: Int32, _ depth: UInt32?) {
        topics.removeAll { $0.connection == connection && (depth ?? $0.depth) == $0.depth }
    }

    func isCarried(by connection: Int32) -> Bool { topics.contains { $0.connection == connection } }
}

extension BookTopics: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) { try coder.field("topics", &topics) }
}

extension BookTopics.Topic: StateElement {
    static var blank: Self { Self(connection: 0, depth: 0) }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("connection", &connection)
        try coder.packed("depth", &depth)
    }
}
