public import ByteCoding
import MCAP
public import MarketModel

/// Writes one file of a recording: frames of channels in order of receive time, in an MCAP file.
public final class RecordingWriter {
    /// How chunks are compressed.
    public enum Compression: Equatable, Sendable, CaseIterable {
        /// zstd level 1.
        case zstd
        /// LZ4 frames.
        case lz4
        /// None.
        case none
    }

    /// A channel's number in this writer.
    public struct ChannelNumber: Equatable, Hashable, Sendable {
        let value: UInt16
    }

    private let writer: MCAPWriter
    // The counters, kept outside the class to avoid exclusivity checks. Safe: the pointer is never shared.
    private let counters: UnsafeMutablePointer<Counters>

    private struct Counters {
        var frames: UInt64 = 0
        /// The sequence of each channel's next frame.
        var sequences: [UInt32] = []

        mutating func next(_ slot: Int) -> UInt32 {
            let sequence = sequences[slot]
            sequences[slot] = sequence &+ 1
            frames += 1
            return sequence
        }
    }

    /// What the header calls the writing program.
    public static let library = "atelier-data"
    /// The profile of recordings.
    public static let profile = "atelier"

    /// Begins a file with the session's facts.
    ///
    /// - Parameters:
    ///   - output: where the bytes go; the caller finishes it (renames it into place).
    ///   - session: the facts at the head.
    ///   - compression: how chunks are compressed.
    ///   - chunkSize: chunks are closed at this many bytes uncompressed.
    /// - Throws: ``RecordingError/file(_:)`` if the output cannot be written.
    public init(
        _ output: ByteOutput,
        session: SessionFacts,
        compression: Compression = .zstd,
        chunkSize: Int = 1 << 20
    ) throws(RecordingError) {
        var options = WriterOptions()
        options.chunkSize = max(chunkSize, 1)
        // A self-contained chunk can be read even if every other one is damaged.
        options.repeatsChannelsInChunks = true
        switch compression {
        case .zstd: options.compression = .zstd(level: 1)
        case .lz4: options.compression = .lz4
        case .none: options.compression = .none
        }
        counters = .allocate(capacity: 1)
        counters.initialize(to: Counters())
        do {
            writer = try MCAPWriter(
                output,
                header: Header(profile: Self.profile, library: Self.library),
                options: options
            )
            try writer.write(Self.metadata("session", start: session.start, session.details))
        } catch {
            throw .file(error.description)
        }
    }

    deinit {
        counters.deinitialize(count: 1)
        counters.deallocate()
    }

    private static func metadata(
        _ name: String,
        start: Int64?,
        _ details: [(key: String, value: String)]
    ) -> Metadata {
        var values: TextMap = [:]
        if let start { values["start_ns"] = String(start) }
        for detail in details { values[detail.key] = detail.value }
        return Metadata(name: name, values: values)
    }

    /// Adds a channel whose first frame has sequence `firstSequence`, which continues across a session's
    /// files.
    public func add(
        _ channel: FrameChannel,
        encoding: String = "json",
        firstSequence: UInt32 = 1
    ) throws(RecordingError) -> ChannelNumber {
        let count = counters.pointee.sequences.count
        guard count < Int(UInt16.max) else { throw .file("more than 65535 channels in one file") }
        let id = UInt16(truncatingIfNeeded: count)
        do {
            try writer.add(channel.channel(id: id, encoding: encoding))
        } catch {
            throw .file(error.description)
        }
        counters.pointee.sequences.append(firstSequence)
        return ChannelNumber(value: id)
    }

    /// Writes a frame received at `time` (nanoseconds since the Unix epoch, not negative).
    public func write(
        _ frame: RawSpan,
        on channel: ChannelNumber,
        at time: Int64
    ) throws(RecordingError) {
        let slot = Int(channel.value)
        let stamp = UInt64(max(time, 0))
        let header = MessageHeader(
            channelID: channel.value,
            sequence: counters.pointee.next(slot),
            logTime: stamp,
            publishTime: stamp
        )
        do {
            try writer.write(header, data: frame)
        } catch {
            throw .file(error.description)
        }
    }

    /// Writes a status record on its channel.
    public func write(
        _ status: StatusRecord,
        on channel: ChannelNumber,
        at time: Int64
    ) throws(RecordingError) {
        let bytes = Array(status.json.utf8)
        try write(bytes.span.bytes, on: channel, at: time)
    }

    /// The sequence of the channel's next frame, for the session's next file.
    public func nextSequence(of channel: ChannelNumber) -> UInt32 {
        counters.pointee.sequences[Int(channel.value)]
    }

    /// Closes the open chunk so that what was written so far survives; does nothing without frames.
    public func closeChunk() throws(RecordingError) {
        do {
            try writer.closeChunk()
        } catch {
            throw .file(error.description)
        }
    }

    /// How many bytes of the file are written, excluding the open chunk.
    public var position: UInt64 { writer.output.position }

    /// Writes how the file ended, its counts, and the summary.
    public func finish(
        reason: String,
        details: [(key: String, value: String)] = []
    ) throws(RecordingError) {
        do {
            let facts = [
                (key: "reason", value: reason), (key: "frames", value: String(counters.pointee.frames)),
            ]
            try writer.write(Self.metadata("end", start: nil, facts + details))
            try writer.finish()
        } catch {
            throw .file(error.description)
        }
    }
}
