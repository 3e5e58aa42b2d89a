import ByteCoding
import MCAP

/// What a recording's index tells before its frames are read: its channels, and the chunks that can hold a
/// slice.
struct RecordingSlice {
    /// Channels of the summary; used where their records in the data are lost.
    let channels: [Channel]
    /// The session's metadata record.
    let session: Metadata?
    /// Reads only the chunks needed; nil if the whole file is wanted or it has no index.
    let reader: IndexedReader?
    /// What is skipped before each chunk of `reader`.
    let skipped: [Skipped]
    /// Whether chunks are skipped for their channels, so that counters of others jump.
    let skipsChannels: Bool

    /// Skipped chunks.
    struct Skipped {
        /// The greatest receive time in them.
        var clock: UInt64 = 0
        /// How many frames they hold.
        var frames: UInt64 = 0
    }

    /// Reads the index; nil if the file has none (a pipe, a torn file).
    ///
    /// Files of at least `trustedFrom` bytes are read by their index if it agrees with the rest of the
    /// file. Smaller ones are read whole, which is quick and depends on no index.
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
