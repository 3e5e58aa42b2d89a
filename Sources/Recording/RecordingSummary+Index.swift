import ByteCoding
import MCAP

extension RecordingSummary {
    /// Reads a summary from the file's index alone: a few reads whatever the size.
    ///
    /// Nil if the index cannot be trusted: a pipe, a torn file, one without statistics or chunk indexes, or
    /// whose index does not match the file. Only ``init(reading:progress:)`` detects damage inside a chunk.
    public init?(indexOf path: String) {
        guard path != "-", FileReader.isRegularFile(path), let file = try? FileReader(path: path),
            let summary = try? Summary(file), let statistics = summary.statistics,
            summary.fits(file)
        else { return nil }
        let chunks = summary.chunkIndexes.sorted { $0.chunkOffset < $1.chunkOffset }
        var counts = [UInt64](repeating: 0, count: 1 << 16)
        for entry in statistics.channelMessageCounts { counts[Int(entry.channelID)] = entry.count }
        let hasFrames = statistics.messageCount > 0
        self.init(
            profile: summary.header.profile,
            library: summary.header.library,
            frames: statistics.messageCount,
            chunks: UInt64(statistics.chunkCount),
            channels: summary.channels.map { .init(channel: FrameChannel($0), frames: counts[Int($0.id)]) },
            start: hasFrames ? statistics.startTime : nil,
            end: hasFrames ? statistics.endTime : nil,
            compressions: Self.compressions(of: chunks),
            compressedBytes: chunks.reduce(0) { $0 &+ $1.compressedSize },
            uncompressedBytes: chunks.reduce(0) { $0 &+ $1.uncompressedSize },
            attachments: UInt64(statistics.attachmentCount),
            metadata: UInt64(statistics.metadataCount),
            isComplete: true,
            losses: [],
            missingFrames: nil,
            stepsBack: nil
        )
    }

    private static func compressions(of chunks: [ChunkIndex]) -> [CompressionCount] {
        var found: [CompressionCount] = []
        for chunk in chunks {
            let name = chunk.compression.isEmpty ? "none" : chunk.compression
            if let index = found.firstIndex(where: { $0.name == name }) {
                found[index].chunks += 1
            } else {
                found.append(CompressionCount(name: name, chunks: 1))
            }
        }
        return found
    }
}
