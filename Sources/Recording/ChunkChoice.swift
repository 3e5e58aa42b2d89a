import ByteCoding
import MCAP

/// Selects the chunks of a file that can hold a slice.
struct ChunkChoice {
    let slice: TimeSlice
    /// Channels wanted, by number; nil = all.
    var wanted: [Bool]?
    private(set) var chunks: [ChunkIndex] = []
    private(set) var skipped: [RecordingSlice.Skipped] = []
    private(set) var skipsChannels = false

    init(_ slice: TimeSlice) { self.slice = slice }

    /// Selects all but the leading chunks before `from`, the trailing ones after `to`, and those without a
    /// wanted channel: receive time is a running maximum.
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

    /// Selects the chunks whose times overlap the slice, each with the number of frames before it.
    ///
    /// False if those numbers are unknown, or overlapping chunks would take too much memory.
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

    /// The most bytes of chunks that overlap at one time.
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
