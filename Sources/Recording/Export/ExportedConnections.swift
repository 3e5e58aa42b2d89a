import MarketModel

/// Tracks the connections of an export: which are open when their session ends, and which lack frames.
struct ExportedConnections {
    struct Connection {
        /// One of its channels.
        var channel: FrameChannel
        var session: Int
        /// Whether a frame came since its socket last closed.
        var isOpen = false
        /// Whether a status says that frames after its last one are missing.
        var lacksFrames = true
        var counter: Int
    }

    private(set) var all: [Connection] = []
    private var ended: Set<Int> = []
    private var counters = SessionCounters()
    /// The connection of each channel of each file; -1 for channels of none.
    private var indexes: [[Int?]] = []

    /// The index of the current frame's connection in ``all``; nil for other topics.
    mutating func register(_ reader: RecordingReader, ofFile file: Int, in session: Int) -> Int? {
        while indexes.count <= file { indexes.append([]) }
        let channel = reader.channelIndex
        while indexes[file].count <= channel { indexes[file].append(nil) }
        if let known = indexes[file][channel] { return known < 0 ? nil : known }
        let index = find(reader.channel, in: session)
        indexes[file][channel] = index ?? -1
        return index
    }

    private mutating func find(_ channel: FrameChannel, in session: Int) -> Int? {
        guard !channel.slot.isEmpty else { return nil }
        let known = all.firstIndex { $0.session == session && $0.channel.isConnection(of: channel) }
        if let known { return known }
        all.append(Connection(channel: channel, session: session, counter: counters.add()))
        return all.count - 1
    }

    /// Reads the current frame; returns how many frames are missing before it that no status reports.
    mutating func loss(of reader: RecordingReader, connection index: Int) -> UInt64 {
        switch reader.channel.direction {
        case .received:
            let missing = counters.begin(all[index].counter, reader.sequence)
            let isNews = missing > 0 && reader.isProfiled && !all[index].lacksFrames
            (all[index].isOpen, all[index].lacksFrames) = (true, false)
            return isNews ? missing : 0
        case .status:
            let state = reader.status?.state
            if state == .disconnected || state == .stalled { all[index].isOpen = false }
            if state == .dropped { all[index].lacksFrames = true }
            return 0
        default: return 0
        }
    }

    /// The connections of a file with missing frames that no status reports; they count as reported from
    /// now on.
    mutating func lose(_ reader: RecordingReader, of session: Int) -> [Int] {
        let news = all.indices.filter { index in
            all[index].session == session && !all[index].lacksFrames
                && reader.channels.contains { $0.isConnection(of: all[index].channel) }
        }
        for index in news { all[index].lacksFrames = true }
        return news
    }

    /// The open connections of a session; they count as closed from now on.
    mutating func end(session: Int) -> [Int] {
        let open = all.indices.filter { all[$0].session == session && all[$0].isOpen }
        for index in open { all[index].isOpen = false }
        ended.insert(session)
        return open
    }

    /// A connection of this name, by `names`, whose session continues.
    func owner(among names: [String?], of name: String) -> Int? {
        names.firstIndex { $0 == name }.flatMap { first in
            names.indices[first...].first { names[$0] == name && !ended.contains(all[$0].session) }
        }
    }
}
