import MCAP
import MarketModel

// Facts about the whole file.
extension RecordingReader {
    /// What could not be read, so far.
    ///
    /// If the index does not give the frames of a single loss, the channels' counters may.
    public var losses: [FileLoss] {
        var losses = (indexed?.losses ?? reader.losses).map(FileLoss.init)
        let unknown = losses.indices.filter { losses[$0].frames == nil }
        let known = losses.reduce(UInt64(0)) { $0 + ($1.frames ?? 0) }
        if unknown.count == 1, isProfiled, missingFrames > known {
            losses[unknown[0]].frames = missingFrames - known
        }
        return losses
    }

    /// Counts of what was read so far; after the last frame, of the whole file.
    public var summary: RecordingSummary {
        if indexed != nil, var told = RecordingSummary(indexOf: path) {
            told.losses = losses
            return told
        }
        let counts = reader.counts
        let hasFrames = counts.messageCount > 0
        return RecordingSummary(
            profile: reader.header.profile,
            library: reader.header.library,
            frames: counts.messageCount,
            chunks: UInt64(counts.chunkCount),
            channels: reader.channels.indices.compactMap(channelCount),
            start: hasFrames ? counts.startTime : nil,
            end: hasFrames ? counts.endTime : nil,
            compressions: reader.compressions.map {
                .init(name: $0.name.isEmpty ? "none" : $0.name, chunks: $0.count)
            },
            compressedBytes: reader.compressedBytes,
            uncompressedBytes: reader.uncompressedBytes,
            attachments: UInt64(counts.attachmentCount),
            metadata: UInt64(counts.metadataCount),
            isComplete: reader.isComplete,
            losses: losses,
            missingFrames: isProfiled ? missingFrames : 0,
            stepsBack: stepsBack
        )
    }

    /// A channel and its frames so far; nil for one that only the summary has and the data contradicts.
    private func channelCount(_ position: Int) -> RecordingSummary.ChannelCount? {
        let frames = state.pointee.frames(ofChannel: position)
        guard frames > 0 || !reader.isContradicted(channelAt: position) else { return nil }
        return .init(channel: FrameChannel(reader.channels[position]), frames: frames)
    }

    /// The topics of all channels known so far, with or without frames.
    public var topics: [String] { reader.channels.map(\.topic) }

    /// Whether anything could not be read so far; after the end also whether the file was torn.
    public var isDamaged: Bool {
        if let indexed { return !indexed.losses.isEmpty }
        return !reader.losses.isEmpty
            || ((sorted != nil || (state.pointee.isOver && isAtEnd)) && !reader.isComplete)
    }

    /// Whether the end of the file is intact; known after the last frame.
    public var isComplete: Bool { indexed != nil || reader.isComplete }
}
