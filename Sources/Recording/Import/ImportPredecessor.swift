import MCAP
import MarketModel

/// The recording that an import continues: its session, and the state of its connections at its end.
///
/// The file is read once, and never written.
public struct ImportPredecessor: Sendable {
    /// A connection by the channel of one direction.
    struct Lane: Sendable {
        var channel: FrameChannel
        /// The counter of the last frame, in this file or in one that it continues.
        var counter: UInt32
        /// The attempt named by its last status.
        var epoch: UInt64 = 0
    }

    /// The file.
    public let path: String
    /// Its session.
    let session: SessionIdentity
    private(set) var lanes: [Lane] = []
    /// The receive time of its last frame: nanoseconds since the Unix epoch; nil without frames.
    public private(set) var end: Int64?
    /// Whether it is torn or damaged, so that lost state cannot be continued.
    public private(set) var isDamaged = false

    /// Reads a recording to its end.
    ///
    /// - Throws: ``RecordingError/file(_:)`` if it cannot be read or is no MCAP file.
    public init(path: String) throws(RecordingError) {
        self.path = path
        let reader = try RecordingReader(path: path)
        session = reader.session
        var epochs: [UInt64] = []
        var last: [UInt32?] = []
        while try reader.advance() {
            let index = reader.channelIndex
            while last.count <= index {
                last.append(nil)
                epochs.append(0)
            }
            last[index] = reader.sequence
            if let epoch = reader.status?.epoch { epochs[index] = epoch }
            end = reader.receiveTime
        }
        isDamaged = reader.isDamaged
        for (index, channel) in reader.channels.enumerated() where index < last.count && !channel.slot.isEmpty
        {
            guard let counter = last[index] else { continue }
            lanes.removeAll { $0.channel.topic == channel.topic }
            lanes.append(Lane(channel: channel, counter: counter, epoch: epochs[index]))
        }
        readEarlierLanes(reader.sessionFacts?.values.entries.map { ($0.key, $0.value) } ?? [])
    }

    /// Adds connections that the file's metadata names from earlier pieces.
    private mutating func readEarlierLanes(_ facts: [(key: String, value: String)]) {
        for (key, value) in facts where key.hasPrefix(SessionIdentity.Key.counter) {
            var channel = FrameChannel(topic: String(key.dropFirst(SessionIdentity.Key.counter.utf8.count)))
            let parts = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            guard let counter = parts.first.flatMap({ UInt32($0) }), !channel.slot.isEmpty,
                !lanes.contains(where: { $0.channel.topic == channel.topic })
            else { continue }
            channel.connection = parts.count > 1 ? String(parts[1]) : ""
            lanes.append(Lane(channel: channel, counter: counter))
        }
    }

    /// The session facts of a piece that continues the file.
    var facts: [(key: String, value: String)] {
        let indexes = lanes.map { lane in
            (
                key: SessionIdentity.Key.counter + lane.channel.topic,
                value: "\(lane.counter) \(lane.channel.connection)"
            )
        }
        return [
            (key: SessionIdentity.Key.continues, value: session.name),
            (key: SessionIdentity.Key.part, value: String(session.part + 1)),
        ] + indexes
    }

    /// Every slot in use.
    var slots: Set<String> { Set(lanes.map(\.channel.slot)) }

    /// The connections of an exchange with this name (nil = without one), each by one of its channels, in
    /// order.
    func connections(named name: String?, exchange: String) -> [FrameChannel] {
        var found: [FrameChannel] = []
        for lane in lanes where lane.channel.exchange == exchange {
            let own = lane.channel.connection
            let isNamed = name.map { own == $0 || (own.isEmpty && lane.channel.slot == $0) } ?? own.isEmpty
            if isNamed, !found.contains(where: { $0.isConnection(of: lane.channel) }) {
                found.append(lane.channel)
            }
        }
        return found
    }

    /// The channel of a connection that an imported one continues, and its state; nil if it had no such
    /// frames.
    func lane(_ imported: ImportedChannel, of connection: FrameChannel) -> Lane? {
        lanes.first { imported.continues($0.channel) && $0.channel.isConnection(of: connection) }
    }
}
