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
    /// The greatest receive time of the chunks passed over.
    let clock: Int64
    /// How many frames those chunks hold.
    let framesBefore: UInt64

    /// Reads the index; nil if the file has none (a pipe, a torn file).
    init?(path: String, from: Int64?, to: Int64?) {
        guard path != "-", FileReader.isRegularFile(path), let file = try? FileReader(path: path),
            let summary = try? Summary(file)
        else { return nil }
        channels = summary.channels
        session = summary.metadata(named: "session", in: file)
        let isCounted =
            summary.statistics.map { UInt64($0.chunkCount) == UInt64(summary.chunkIndexes.count) } ?? false
        guard from != nil || to != nil, isCounted, !summary.chunkIndexes.isEmpty else {
            (reader, clock, framesBefore) = (nil, .min, 0)
            return
        }
        let chosen = Self.choose(summary.chunkIndexes, from: from ?? .min, to: to ?? .max)
        reader = IndexedReader(file, summary: summary, chunks: chosen.chunks)
        (clock, framesBefore) = (chosen.clock, chosen.framesBefore)
    }

    /// Receive time is a running maximum: chunks wholly before `from` are a run at the front, those after
    /// `to` a run at the back.
    private static func choose(
        _ indexes: [ChunkIndex],
        from: Int64,
        to: Int64
    ) -> (chunks: [ChunkIndex], clock: Int64, framesBefore: UInt64) {
        var (chunks, clock, before) = ([ChunkIndex](), Int64.min, UInt64(0))
        var reached = Int64.min
        for index in indexes.sorted(by: { $0.chunkOffset < $1.chunkOffset }) {
            guard reached < to else { break }
            reached = max(reached, Int64(clamping: index.endTime))
            if reached < from, chunks.isEmpty, let count = messageCount(index) {
                clock = reached
                before += count
            } else {
                chunks.append(index)
            }
        }
        return (chunks, clock, before)
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
