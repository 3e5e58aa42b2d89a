import ByteCoding
import MCAP

/// What a recording's index tells before its frames are read: its channels, and for a slice which chunks
/// can hold it.
struct RecordingSlice {
    /// Channels of the summary; used where their records in the data are lost.
    let channels: [Channel]
    /// The session's metadata record.
    let session: Metadata?
    /// Reads only the chunks needed; nil where the whole file is wanted or is not indexed.
    let reader: IndexedReader?
    /// What lies between the chunks of `reader`: place by place, what was passed over before each.
    let skipped: [Skipped]
    /// Whether chunks are passed over for their channels, so that counters of others jump.
    let skipsChannels: Bool

    /// Chunks passed over.
    struct Skipped {
        /// The greatest receive time in them.
        var clock = Int64.min
        /// How many frames they hold.
        var frames: UInt64 = 0
    }

    /// Reads the index; nil if the file has none (a pipe, a torn file).
    init?(path: String, from: Int64?, to: Int64?, isWanted: ((FrameChannel) -> Bool)?) {
        guard path != "-", FileReader.isRegularFile(path), let file = try? FileReader(path: path) else {
            return nil
        }
        guard let summary = try? Summary(file) else {
            guard let displaced = Summary(displacedIn: file) else { return nil }
            channels = displaced.channels
            (session, reader, skipped, skipsChannels) = (nil, nil, [], false)
            return
        }
        channels = summary.channels
        session = summary.metadata(named: "session", in: file)
        let isPart = from != nil || to != nil || isWanted != nil
        guard isPart, !summary.chunkIndexes.isEmpty, summary.fits(file) else {
            (reader, skipped, skipsChannels) = (nil, [], false)
            return
        }
        var choice = ChunkChoice(from: from ?? .min, to: to ?? .max)
        if let isWanted { choice.wanted = Self.numbers(summary.channels, isWanted) }
        choice.take(summary.chunkIndexes)
        reader = IndexedReader(file, summary: summary, chunks: choice.chunks)
        skipped = choice.skipped
        skipsChannels = choice.skipsChannels
    }

    private static func numbers(_ channels: [Channel], _ isWanted: (FrameChannel) -> Bool) -> [Bool] {
        var wanted = [Bool](repeating: false, count: 1 << 16)
        for channel in channels where isWanted(FrameChannel(channel)) { wanted[Int(channel.id)] = true }
        return wanted
    }
}

/// Which chunks of a file can hold a slice.
struct ChunkChoice {
    let from: Int64
    let to: Int64
    /// Channels wanted, by number; nil = all.
    var wanted: [Bool]?
    private(set) var chunks: [ChunkIndex] = []
    private(set) var skipped: [RecordingSlice.Skipped] = []
    private(set) var skipsChannels = false

    init(from: Int64, to: Int64) { (self.from, self.to) = (from, to) }

    /// Receive time is a running maximum: chunks wholly before `from` are a run at the front, those after
    /// `to` a run at the back; chunks without a wanted channel lie anywhere.
    mutating func take(_ indexes: [ChunkIndex]) {
        var reached = Int64.min
        var passed = RecordingSlice.Skipped()
        for index in indexes.sorted(by: { $0.chunkOffset < $1.chunkOffset }) {
            guard reached < to || to == .max else { break }
            reached = max(reached, Int64(clamping: index.endTime))
            let isBefore = reached < from && chunks.isEmpty
            if isBefore || !holdsWanted(index), let count = Self.messageCount(index) {
                passed.clock = reached
                passed.frames += count
                skipsChannels = skipsChannels || !isBefore
            } else {
                chunks.append(index)
                skipped.append(passed)
                passed = RecordingSlice.Skipped()
            }
        }
    }

    /// Whether a chunk's message indexes name a wanted channel; one without indexes may hold any.
    private func holdsWanted(_ index: ChunkIndex) -> Bool {
        guard let wanted, !index.messageIndexOffsets.isEmpty else { return true }
        return index.messageIndexOffsets.contains { wanted[Int($0.channelID)] }
    }

    /// How many messages a chunk holds, by the length of its message indexes: 16 bytes each, 15 a channel.
    private static func messageCount(_ index: ChunkIndex) -> UInt64? {
        guard !index.messageIndexOffsets.isEmpty || index.endTime == 0 else { return nil }
        let frames = UInt64(index.messageIndexOffsets.count) * 15
        guard index.messageIndexLength >= frames, (index.messageIndexLength - frames) % 16 == 0 else {
            return nil
        }
        return (index.messageIndexLength - frames) / 16
    }
}
