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
