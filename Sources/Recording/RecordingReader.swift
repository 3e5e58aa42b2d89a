import ByteCoding
import MCAP
public import MarketModel

/// Reads a recording frame by frame in file order, one chunk at a time, skipping damage.
///
/// ``advance()`` moves to the next frame and makes its time, channel and bytes available without
/// allocation. Any MCAP file is read; topics outside the profile are ``FrameDirection/other``. Files of
/// other profiles are in no guaranteed order: their frames keep the times as written, and can be read in
/// time order.
public final class RecordingReader {
    /// The largest chunk and record that are read unless told otherwise: 1 GiB.
    public static let maximumChunk = 1 << 30

    /// The attachments and metadata records read so far, if asked for.
    var extras: [ExtraRecord] = []
    let keepsExtras: Bool
    let limits: ReaderLimits

    /// The file's path, `-` for standard input.
    public let path: String
    /// The session it belongs to; of a file with neither session nor frames the start is 0.
    public internal(set) var session = SessionIdentity(nil, firstFrame: 0)
    /// When the session began, by its metadata; otherwise the receive time of the first frame, or 0.
    public var sessionStart: Int64 { session.start }
    /// Channels so far, in order of their first record.
    ///
    /// ``channelIndex`` is an index into it; it only grows at the end.
    public internal(set) var channels: [FrameChannel] = []
    /// Index of the frame's channel in ``channels``.
    public var channelIndex: Int { state.pointee.channelIndex }
    /// The frame's receive time: nanoseconds since the Unix epoch.
    ///
    /// In this project's recordings the running maximum within the file, in others the log time, at most
    /// `Int64.max`.
    public var receiveTime: Int64 { state.pointee.receiveTime }
    /// The receive time without the limit of `Int64`.
    public var time: UInt64 { state.pointee.time }
    /// The frame's number in the file: 0, 1, … over all channels, including frames outside the slice.
    public var index: UInt64 { max(state.pointee.frameCount, 1) - 1 }
    /// How often the receive time stepped back within the file.
    public var stepsBack: UInt64 { state.pointee.stepsBack }
    /// Frames missing by the counters of all channels; 0 if chunks are skipped for their channels, and in
    /// foreign files, whose counters may mean anything.
    public var missingFrames: UInt64 { skipsChannels || !isProfiled ? 0 : state.pointee.missingFrames }

    /// The number of places so far at which frames of any channel may be missing.
    ///
    /// These are unreadable chunks and loss records of a recovery. It grows before the frame after the
    /// place is returned.
    @inlinable public var lostIndexes: Int { state.pointee.lostIndexes }

    let input: ByteInput
    let reader: StreamReader
    /// Replaces `reader` for a slice of an indexed file.
    let indexed: IndexedReader?
    /// What is skipped before each chunk of `indexed`, and how many of its chunks were started.
    let skipped: [RecordingSlice.Skipped]
    var chunksTaken = 0
    var lossesSeen = 0
    var isAtEnd = false
    private let skipsChannels: Bool
    let slice: TimeSlice
    /// Replaces both if frames are wanted by time and there is no index.
    var sorted: SortedFrames?
    let isWanted: ((FrameChannel) -> Bool)?
    // Changes with every frame; kept outside the class to avoid exclusivity checks. Safe: the pointer is
    // never shared.
    @usableFromInline let state: UnsafeMutablePointer<FrameState>

    /// Opens a recording and reads to its first frame.
    ///
    /// - Parameters:
    ///   - path: the file, `-` for standard input.
    ///   - slice: the times wanted.
    ///   - order: how frames of other people's files come.
    ///   - maximumChunk: the largest chunk and record that are read, bytes.
    ///   - keepsExtras: whether attachments and metadata records of standard input, which is read once, are kept in memory.
    ///   - readsAhead: whether chunks of a file are expanded on a thread of their own, one ahead of those read: the frames are
    ///     the same. One chunk more is in memory.
    ///   - trustedFrom: the size from which on a file's index decides which chunks of a slice are read, bytes.
    ///   - isWanted: which channels are wanted; nil = all. Frames of others may come too: only chunks that hold none
    ///     of a wanted channel are passed over, where the file's index tells.
    /// - Throws: ``RecordingError/file(_:)`` if the file cannot be read or is no MCAP file.
    public convenience init(
        path: String,
        slice: TimeSlice = TimeSlice(),
        order: FrameOrder = .file,
        maximumChunk: Int = RecordingReader.maximumChunk,
        keepsExtras: Bool = false,
        readsAhead: Bool = false,
        trustedFrom: UInt64 = 16 << 20,
        isWanted: ((FrameChannel) -> Bool)? = nil
    ) throws(RecordingError) {
        do {
            let index = RecordingSlice(
                path: path,
                slice: slice,
                order: order,
                limits: ReaderLimits(maximumChunk: maximumChunk),
                trustedFrom: trustedFrom,
                isWanted: isWanted
            )
            try self.init(
                try ByteInput(path: path),
                slice: slice,
                order: order,
                limits: ReaderLimits(maximumChunk: maximumChunk),
                keepsExtras: keepsExtras && path == "-",
                index: index,
                isWanted: isWanted
            )
            if readsAhead, indexed == nil, sorted == nil, input.size != nil,
                let file = try? FileReader(path: path)
            {
                reader.readAhead(in: file)
            }
        } catch let error as ByteCodingError {
            throw .file(error.description)
        } catch let error as RecordingError {
            throw error
        } catch {
            throw .file("\(error)")
        }
    }

    /// Reads a recording in memory.
    public convenience init(
        bytes: RawSpan,
        slice: TimeSlice = TimeSlice(),
        order: FrameOrder = .file
    ) throws(RecordingError) {
        do {
            try self.init(ByteInput(bytes: bytes), slice: slice, order: order)
        } catch let error as RecordingError {
            throw error
        } catch {
            throw .file("\(error)")
        }
    }

    init(
        _ input: ByteInput,
        slice: TimeSlice,
        order: FrameOrder,
        limits: ReaderLimits = .init(),
        keepsExtras: Bool = false,
        index: RecordingSlice? = nil,
        isWanted: ((FrameChannel) -> Bool)? = nil
    ) throws(RecordingError) {
        path = input.name
        self.input = input
        self.limits = limits
        self.keepsExtras = keepsExtras
        self.slice = slice
        self.isWanted = isWanted
        state = .allocate(capacity: 1)
        state.initialize(to: FrameState())
        indexed = index?.reader
        skipped = index?.skipped ?? []
        skipsChannels = index?.skipsChannels ?? false
        do {
            reader = try StreamReader(input, channels: index?.channels ?? [], limits: limits)
        } catch {
            throw .file(error.description)
        }
        if let facts = index?.session { read(facts) }
        state.pointee.isMonotonic = isProfiled
        if order == .time, !isProfiled, indexed == nil { try sort() }
        try prime()
    }

    deinit {
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Bytes read so far, and the file's size if known.
    public var progress: (read: UInt64, size: UInt64?) { (input.position, input.size) }

    /// The frame's channel.
    public var channel: FrameChannel { channels[channelIndex] }

    /// The frame's counter on its channel.
    public var sequence: UInt32 { message.sequence }

    /// The frame's log time as written, without the running maximum: nanoseconds since the Unix epoch.
    public var logTime: Int64 { Int64(clamping: message.logTime) }

    /// The frame's publish time as written: nanoseconds since the Unix epoch.
    public var publishTime: Int64 { Int64(clamping: message.publishTime) }

    /// The frame's bytes; valid until the next ``advance()``.
    @inlinable public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // Safe: the reader keeps the frame's memory until the next `advance`.
            let span = RawSpan(_unsafeBytes: state.pointee.data)
            return _overrideLifetime(span, borrowing: self)
        }
    }

    /// The status of a frame on a status channel; nil on others and if it cannot be read.
    public var status: StatusRecord? {
        guard channels[channelIndex].direction == .status else { return nil }
        return StatusRecord(bytes)
    }

    /// Whether the file's profile is this project's, whose counters jump only where frames are missing.
    public var isProfiled: Bool { profile == RecordingWriter.profile }

    /// The file's profile.
    var profile: String { reader.header.profile }

    /// The session's metadata record, if it precedes the first frame or is in the index.
    var sessionFacts: Metadata?

    /// What a recovery recorded about the original file, once read.
    var recoveryFacts: Metadata?

    /// Whether a recovery recorded losses at the places where they happened.
    var hasRecoveredOffsets = false

    /// Offset of the record that holds the current frame.
    var recordOffset: UInt64 { reader.recordOffset }

    /// The frame's times as stored in the container.
    package var rawLogTime: UInt64 { message.logTime }
    package var rawPublishTime: UInt64 { message.publishTime }

    /// The frame's channel and schema as stored in the container.
    var containerChannel: Channel { reader.channels[channelIndex] }
    var containerSchema: Schema? {
        guard let indexed else { return reader.schema(ofChannelAt: channelIndex) }
        let id = containerChannel.schemaID
        return indexed.summary.schemas.first { $0.id == id }
    }

    var message: MessageHeader { indexed?.message ?? sorted?.message ?? reader.message }

    /// Moves to the next frame of the slice; false after the last.
    public func advance() throws(RecordingError) -> Bool {
        let reader = reader
        if state.pointee.isPlain, reader.nextMessageOfChunk(ofFirst: state.pointee.channelCount) {
            state.pointee.read(reader.message, reader.data, at: reader.messageSlot)
            return true
        }
        return try advanceInSlice()
    }
}
