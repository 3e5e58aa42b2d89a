import MarketModel

/// The topics that carry one book, by connection and depth; usually few.
struct BookTopics: Sendable {
    private var topics: [Topic] = []
    /// No venue offers this many depths; more are ignored.
    private static let limit = 64

    fileprivate struct Topic: Sendable, Equatable {
        var connection: Int32
        var depth: UInt32
        /// Whether messages were lost and none has come since.
        var lacks = false
    }

    /// Adds a topic that was confirmed, or brought a message: if messages were lost, it goes on.
    mutating func begin(_ connection: Int32, _ depth: UInt32) {
        let known = topics.firstIndex { $0.connection == connection && $0.depth == depth }
        if let known {
            topics[known].lacks = false
        } else if topics.count < BookTopics.limit {
            topics.append(Topic(connection: connection, depth: depth))
        }
    }

    /// Messages of a connection were lost.
    mutating func lose(_ connection: Int32) {
        for index in topics.indices where topics[index].connection == connection {
            topics[index].lacks = true
        }
    }

    /// A connection other than this one that carries the book at a depth; nil if there is none.
    func carrier(_ depth: UInt32, besides connection: Int32) -> Int32? {
        topics.first { $0.connection != connection && $0.depth == depth && !$0.lacks }?.connection
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
        try coder.packed("lacks", &lacks)
    }
}
