import MarketModel
import Recording

/// The connections of each session by the channels of its files.
struct SessionConnections {
    private struct Key: Hashable {
        var session: Int
        var exchange: String
        var market: String
        var slot: String

        init(_ channel: FrameChannel, _ session: Int) {
            self.session = session
            (exchange, market, slot) = (channel.exchange, channel.market, channel.slot)
        }
    }

    fileprivate struct CounterKey: Hashable {
        var connection: Int32
        var direction: FrameDirection
        /// The path whose replies are counted; empty for frames.
        var request: String
    }

    fileprivate struct Known {
        var channel: FrameChannel
        var session: Int
    }

    /// The counter of a connection and direction, and where it was met last.
    fileprivate struct ChannelCounter {
        var connection: Int32
        var direction: FrameDirection
        var request: String
        var index: Int
        var file: Int
        var channel: Int

        init(_ key: CounterKey, index: Int, file: Int, channel: Int) {
            (connection, direction, request) = (key.connection, key.direction, key.request)
            (self.index, self.file, self.channel) = (index, file, channel)
        }
    }

    private var numbers: [Key: Int32] = [:]
    /// A channel of each connection, and its session.
    private var known: [Known] = []
    private var counters: [CounterKey: ChannelCounter] = [:]

    /// How many connections there are.
    var count: Int { known.count }

    /// Whether there are no connections.
    var isEmpty: Bool { known.isEmpty }

    /// The number of a channel's connection; nil if it was not added.
    func number(of channel: FrameChannel, in session: Int) -> Int32? { numbers[Key(channel, session)] }

    /// Adds the connection of a channel; connections are numbered in this order.
    mutating func add(_ channel: FrameChannel, of session: Int, as number: Int32) {
        numbers[Key(channel, session)] = number
        known.append(Known(channel: channel, session: session))
    }

    /// The connections of a session.
    func numbers(in session: Int) -> [Int32] {
        known.indices.filter { known[$0].session == session }.map { Int32($0) }
    }

    /// The index of a channel's counter, which continues from file to file.
    ///
    /// A second channel of the same topic in a file, as in merges, has a counter of its own.
    mutating func counter(
        of channel: Int,
        inFile file: Int,
        _ kind: FrameChannel,
        of connection: Int32,
        _ all: inout SessionCounters
    ) -> Int {
        let key = CounterKey(connection: connection, direction: kind.direction, request: kind.request)
        if let known = counters[key], known.file != file || known.channel == channel {
            counters[key] = ChannelCounter(key, index: known.index, file: file, channel: channel)
            return known.index
        }
        let index = all.add()
        counters[key] = ChannelCounter(key, index: index, file: file, channel: channel)
        return index
    }

    /// The name of each connection.
    var names: [ConnectionName] { known.map(\.channel.name) }
}

extension SessionConnections: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var listed = counters.values.sorted {
            ($0.connection, $0.direction.rawValue, $0.request) < (
                $1.connection, $1.direction.rawValue, $1.request
            )
        }
        try coder.field("known", &known)
        try coder.field("counters", &listed)
        guard coder.isReading else { return }
        for (number, one) in known.enumerated() { numbers[Key(one.channel, one.session)] = Int32(number) }
        for one in listed {
            let key = CounterKey(connection: one.connection, direction: one.direction, request: one.request)
            counters[key] = one
        }
    }
}

extension SessionConnections.Known: StateElement {
    static var blank: Self { Self(channel: .blank, session: 0) }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("channel", &channel)
        try coder.packed("session", &session)
    }
}

extension SessionConnections.ChannelCounter: StateElement {
    static var blank: Self {
        Self(.init(connection: 0, direction: .other, request: ""), index: 0, file: 0, channel: 0)
    }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("connection", &connection)
        try coder.packed("direction", &direction)
        try coder.packed("request", &request)
        try coder.packed("index", &index)
        try coder.packed("file", &file)
        try coder.packed("channel", &channel)
    }
}
