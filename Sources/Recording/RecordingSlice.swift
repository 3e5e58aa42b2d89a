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
        var clock: UInt64 = 0
        /// How many frames they hold.
        var frames: UInt64 = 0
    }

    /// Reads the index; nil if the file has none (a pipe, a torn file).
    ///
    /// Files of `trustedFrom` bytes are read by their index where it agrees with what they say elsewhere; smaller ones
    /// whole, which takes a moment, so that no index can lie.
    init?(
        path: String,
        slice: TimeSlice,
        order: FrameOrder,
        limits: ReaderLimits,
        trustedFrom: UInt64,
        isWanted: ((FrameChannel) -> Bool)?
    ) {
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
        let isMonotonic = summary.header.profile == RecordingWriter.profile
        let isPart = !slice.isWhole || isWanted != nil || (order == .time && !isMonotonic)
        guard isPart, file.size >= trustedFrom, !summary.chunkIndexes.isEmpty, summary.fits(file),
            summary.isExhaustive(in: file)
        else {
            (reader, skipped, skipsChannels) = (nil, [], false)
            return
        }
        var choice = ChunkChoice(slice)
        if let isWanted { choice.wanted = Self.numbers(summary.channels, isWanted) }
        if isMonotonic {
            choice.select(summary.chunkIndexes)
            reader = IndexedReader(file, summary: summary, chunks: choice.chunks, limits: limits)
        } else {
            guard choice.selectByTime(summary.chunkIndexes) else {
                (reader, skipped, skipsChannels) = (nil, [], false)
                return
            }
            reader = IndexedReader(
                file,
                summary: summary,
                chunks: zip(choice.chunks, choice.skipped).map { ($0, $1.frames) },
                times: slice.from..<(slice.to ?? .max),
                limits: limits,
                isWanted: choice.wanted
            )
        }
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
    let slice: TimeSlice
    /// Channels wanted, by number; nil = all.
    var wanted: [Bool]?
    private(set) var chunks: [ChunkIndex] = []
    private(set) var skipped: [RecordingSlice.Skipped] = []
    private(set) var skipsChannels = false

    init(_ slice: TimeSlice) { self.slice = slice }

    /// Receive time is a running maximum: chunks wholly before `from` are a run at the front, those after
    /// `to` a run at the back; chunks without a wanted channel lie anywhere.
    mutating func select(_ indexes: [ChunkIndex]) {
        var reached: UInt64 = 0
        var passed = RecordingSlice.Skipped()
        for index in indexes.sorted(by: { $0.chunkOffset < $1.chunkOffset }) {
            guard !slice.isPast(reached) else { break }
            reached = max(reached, index.endTime)
            let isBefore = reached < slice.from && chunks.isEmpty
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

    /// Chunks anywhere whose times meet the slice, each with the number of frames before it in the file; false if those
    /// numbers are not known, or too much would be held at once because chunks overlap in time.
    mutating func selectByTime(_ indexes: [ChunkIndex]) -> Bool {
        var frames: UInt64 = 0
        for index in indexes.sorted(by: { $0.chunkOffset < $1.chunkOffset }) {
            guard let count = Self.messageCount(index) else { return false }
            if !slice.isPast(index.startTime), index.endTime >= slice.from, holdsWanted(index), count > 0 {
                chunks.append(index)
                skipped.append(.init(clock: 0, frames: frames))
            }
            frames += count
        }
        return Self.overlap(of: chunks) <= Self.greatestOverlap
    }

    private static let greatestOverlap: UInt64 = 128 << 20

    /// The most bytes of chunks that share a time.
    private static func overlap(of chunks: [ChunkIndex]) -> UInt64 {
        let starts = chunks.map { ($0.startTime, $0.uncompressedSize) }.sorted { $0.0 < $1.0 }
        let ends = chunks.map { ($0.endTime, $0.uncompressedSize) }.sorted { $0.0 < $1.0 }
        var (held, most, ended) = (UInt64(0), UInt64(0), 0)
        for (time, size) in starts {
            while ended < ends.count, ends[ended].0 < time {
                held &-= ends[ended].1
                ended += 1
            }
            held &+= size
            most = max(most, held)
        }
        return most
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
