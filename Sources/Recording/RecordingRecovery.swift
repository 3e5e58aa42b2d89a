public import ByteCoding
import MCAP

/// What a recovery kept and lost.
public struct RecordingRecovery: Equatable, Sendable {
    /// Frames kept.
    public var frames: UInt64
    /// Attachments kept.
    public var attachments: UInt64
    /// Metadata records kept.
    public var metadata: UInt64
    /// Bytes of the input that were kept: its size less what was lost.
    public var bytesKept: UInt64
    /// Bytes of the input that were lost.
    public var bytesLost: UInt64
    /// Records of unknown kinds, which are left out.
    public var unknownRecords: UInt64
    /// What could not be kept.
    public var losses: [FileLoss]
    /// Whether the end of the file is intact.
    public var isComplete: Bool

    /// Whether the input was sound.
    public var wasSound: Bool { losses.isEmpty && isComplete }

    /// Writes a sound file of everything that can be read from `path` (any MCAP file).
    ///
    /// A file on disk is read twice. The first pass compares its records with each other, so that every
    /// channel is known and all damage is stated, even where it costs no frames. If nothing else is
    /// damaged, contradictory counters and times are stated too, and their frames kept as they are.
    /// - Throws: ``RecordingError/file(_:)`` if reading or writing fails, or nothing in the input is MCAP.
    public init(
        of path: String,
        to output: ByteOutput,
        compression: RecordingWriter.Compression? = nil,
        maximumChunk: Int = RecordingReader.maximumChunk,
        progress: (UInt64) -> Void = { _ in }
    ) throws(RecordingError) {
        do {
            let input = try ByteInput(path: path)
            let limits = ReaderLimits(maximumChunk: maximumChunk)
            let wanted: ChunkCompression? = compression.map { $0.chunks }
            let check =
                FileReader.isRegularFile(path)
                ? try? FileCheck(checking: ByteInput(path: path), limits: limits) : nil
            let recovery = try Recovery(
                of: input,
                to: output,
                after: check,
                compression: wanted,
                limits: limits,
                judging: { $0.profile == RecordingWriter.profile ? FrameOrderValidator() : nil },
                progress: progress
            )
            self.init(recovery, size: input.position)
        } catch let error as MCAPError {
            throw .file(error.description)
        } catch {
            throw .file("\(error)")
        }
    }

    private init(_ recovery: Recovery, size: UInt64) {
        frames = recovery.messages
        attachments = recovery.attachments
        metadata = recovery.metadata
        bytesLost = recovery.losses.reduce(0) { $0 + $1.length }
        bytesKept = size - min(size, bytesLost)
        unknownRecords = recovery.unknownRecords
        losses = recovery.losses.map(FileLoss.init)
        isComplete = recovery.isComplete
    }
}

extension RecordingWriter.Compression {
    /// As the container names it.
    var chunks: ChunkCompression {
        switch self {
        case .zstd: .zstd(level: 1)
        case .lz4: .lz4
        case .none: .none
        }
    }
}
