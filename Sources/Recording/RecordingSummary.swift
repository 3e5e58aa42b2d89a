import ByteCoding
import MCAP

/// The contents of a file, counted by reading it or taken from its index.
public struct RecordingSummary: Equatable, Sendable {
    /// A channel and its frames.
    public struct ChannelCount: Equatable, Sendable {
        /// The channel.
        public var channel: FrameChannel
        /// How many frames were read.
        public var frames: UInt64
    }

    /// Chunks of one compression.
    public struct CompressionCount: Equatable, Sendable {
        /// `zstd`, `lz4` or `none`.
        public var name: String
        /// How many chunks.
        public var chunks: UInt64
    }

    /// The file's profile, `atelier` for recordings of this project.
    public var profile: String
    /// The program that wrote it.
    public var library: String
    /// Frames read.
    public var frames: UInt64
    /// Chunks read.
    public var chunks: UInt64
    /// Channels in order of their first record.
    public var channels: [ChannelCount]
    /// Earliest log time: nanoseconds since the Unix epoch; nil without frames.
    public var start: UInt64?
    /// Latest log time; nil without frames.
    public var end: UInt64?
    /// Compressions in order of first use.
    public var compressions: [CompressionCount]
    /// Bytes of chunks as stored.
    public var compressedBytes: UInt64
    /// Bytes of chunks when decompressed.
    public var uncompressedBytes: UInt64
    /// Attachments read.
    public var attachments: UInt64
    /// Metadata records read.
    public var metadata: UInt64
    /// Whether the end of the file is intact.
    public var isComplete: Bool
    /// What could not be read.
    public var losses: [FileLoss]
    /// Frames missing by the channels' counters; nil if the frames were not read.
    public var missingFrames: UInt64?
    /// How often receive time stepped back; nil if the frames were not read.
    public var stepsBack: UInt64?

    /// Whether anything is damaged, torn or missing.
    public var isDamaged: Bool { !isComplete || !losses.isEmpty }

    /// Whether the frames were counted rather than taken from the index.
    public var isCounted: Bool { stepsBack != nil }
}

extension RecordingSummary {
    /// Reads a whole file and counts.
    ///
    /// - Throws: ``RecordingError/file(_:)`` if it cannot be read or is no MCAP file.
    public init(
        reading path: String,
        maximumChunk: Int = RecordingReader.maximumChunk,
        progress: (RecordingReader) -> Void = { _ in }
    ) throws(RecordingError) {
        let reader = try RecordingReader(path: path, maximumChunk: maximumChunk)
        var count = 0
        while try reader.advance() {
            count += 1
            if count & 0xffff == 0 { progress(reader) }
        }
        self = reader.summary
    }

    /// Reads a whole file twice: damage that costs no frames, as of an index, is stated as a loss of 0
    /// frames.
    /// - Throws: ``RecordingError/file(_:)`` if it cannot be read or is no MCAP file.
    public init(
        checking path: String,
        maximumChunk: Int = RecordingReader.maximumChunk,
        progress: (RecordingReader) -> Void = { _ in }
    ) throws(RecordingError) {
        try self.init(reading: path, maximumChunk: maximumChunk, progress: progress)
        guard !isDamaged, FileReader.isRegularFile(path) else { return }
        do {
            let limits = ReaderLimits(maximumChunk: maximumChunk)
            losses = try FileCheck(checking: ByteInput(path: path), limits: limits).losses.map(FileLoss.init)
        } catch {
            throw .file("\(error)")
        }
    }
}
