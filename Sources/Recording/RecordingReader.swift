import ByteCoding
import MCAP
import MarketModel

/// Reads a recording frame by frame in file order, one chunk at a time, over damage.
///
/// ``advance()`` moves to the next frame; its time, channel and bytes are then at hand, without
/// allocation. Any MCAP file is read; topics outside the profile come as ``FrameDirection/other``. Files of other
/// profiles promise no order: their frames have the times as written, and come by them where that is asked for.
public final class RecordingReader {
    /// The largest chunk and record that are read unless told otherwise: 1 GiB.
    public static let maximumChunk = 1 << 30

    /// The attachments and metadata records read so far, where they were asked for.
    private(set) var extras: [ExtraRecord] = []
    private let keepsExtras: Bool
    let limits: ReaderLimits

    /// The file's path, `-` for standard input.
    public let path: String
    /// The session it belongs to; the start of a file without one and without frames is 0.
    public private(set) var session = SessionIdentity(nil, firstFrame: 0)
    /// When the session began, by its metadata; else the receive time of the first frame; else 0.
    public var sessionStart: Int64 { session.start }
    /// Channels so far, in order of their first record.
    ///
    /// A frame's ``channelIndex`` is a place in it; it only grows at the end.
    public private(set) var channels: [FrameChannel] = []
    /// Place of the frame's channel in ``channels``.
    public var channelIndex: Int { state.pointee.channelIndex }
    /// The frame's receive time: nanoseconds since the Unix epoch; in this project's recordings the running maximum of the
    /// file, in others the log time as written, at most `Int64.max`.
    public var receiveTime: Int64 { state.pointee.receiveTime }
    /// The same, whatever its size.
    public var time: UInt64 { state.pointee.time }
    /// The frame's place in the file: 0, 1, … over all channels, frames outside the slice included.
    public var index: UInt64 { max(state.pointee.frameCount, 1) - 1 }
    /// How often the receive time stepped back within the file.
    public var stepsBack: UInt64 { state.pointee.stepsBack }
    /// Frames missing by the channels' counters, over all channels; 0 where chunks are passed over for their channels, and in
    /// files of others, whose counters may mean anything.
    public var missingFrames: UInt64 { skipsChannels || !isProfiled ? 0 : state.pointee.missingFrames }

    /// Places so far at which frames of any channel may be missing.
    ///
    /// Chunks that could not be read, records of a recovery that says so. It grows before the frame behind
    /// the place is at hand.
    @inlinable public var lostIndexes: Int { state.pointee.lostIndexes }

    private let input: ByteInput
    private let reader: StreamReader
    /// Reads instead of `reader` where a slice of an indexed file is wanted.
    private let indexed: IndexedReader?
    /// What lies before each chunk of `indexed`, and how many of its chunks were taken up.
    private let skipped: [RecordingSlice.Skipped]
    private var chunksTaken = 0
    private var lossesSeen = 0
    private let skipsChannels: Bool
    private let slice: TimeSlice
    /// Reads instead of both where frames are wanted by time and no index tells where they lie.
    private var sorted: SortedFrames?
    private let isWanted: ((FrameChannel) -> Bool)?
    // What changes with every frame, outside the class, where it needs no checks of exclusive access.
    // Safe: no one else has the pointer.
    @usableFromInline let state: UnsafeMutablePointer<FrameState>

    /// Opens a recording and reads to its first frame.
    ///
    /// - Parameters:
    ///   - path: the file, `-` for standard input.
    ///   - slice: the times wanted.
    ///   - order: how frames of other people's files come.
    ///   - maximumChunk: the largest chunk and record that are read, bytes.
    ///   - keepsExtras: whether attachments and metadata records of standard input, which is read once, are kept in memory.
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

    /// Reads all frames of the slice beforehand, to give them out by time.
    private func sort() throws(RecordingError) {
        let reader = reader
        do {
            sorted = try SortedFrames(of: reader, within: slice) { position in
                guard let isWanted else { return true }
                learnChannels()
                return isWanted(channels[position])
            } extra: {
                apply($0)
            }
        } catch {
            throw .file("\(error)")
        }
        learnChannels()
    }

    deinit {
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Bytes read so far, and those of the whole file where its size is known.
    public var progress: (read: UInt64, size: UInt64?) { (input.position, input.size) }

    /// The frame's channel.
    public var channel: FrameChannel { channels[channelIndex] }

    /// The frame's counter on its channel.
    public var sequence: UInt32 { message.sequence }

    /// The frame's log time as written, before the running maximum: nanoseconds since the Unix epoch.
    public var logTime: Int64 { Int64(clamping: message.logTime) }

    /// The frame's publish time as written: nanoseconds since the Unix epoch.
    public var publishTime: Int64 { Int64(clamping: message.publishTime) }

    /// The frame's bytes; valid until the next ``advance()``.
    @inlinable public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // Safe: the reader that stands on the frame holds its memory until the next `advance`.
            let span = RawSpan(_unsafeBytes: state.pointee.data)
            return _overrideLifetime(span, borrowing: self)
        }
    }

    /// The status of a frame on a status channel; nil on others and where it cannot be read.
    public var status: StatusRecord? {
        guard channels[channelIndex].direction == .status else { return nil }
        return StatusRecord(bytes)
    }

    /// What could not be read, so far.
    ///
    /// Where the file's indexes do not tell how many frames one loss held, the channels' counters may.
    public var losses: [FileLoss] {
        var losses = (indexed?.losses ?? reader.losses).map(FileLoss.init)
        let unknown = losses.indices.filter { losses[$0].frames == nil }
        let known = losses.reduce(UInt64(0)) { $0 + ($1.frames ?? 0) }
        if unknown.count == 1, isProfiled, missingFrames > known {
            losses[unknown[0]].frames = missingFrames - known
        }
        return losses
    }

    /// Whether the file says it is a recording of this project, whose counters have no gaps of their own.
    public var isProfiled: Bool { profile == RecordingWriter.profile }

    /// The file's profile.
    var profile: String { reader.header.profile }

    /// The session's metadata record, where it lies before the first frame or the index tells it.
    private(set) var sessionFacts: Metadata?

    /// What a recovery wrote about the file it made this one of, once it was read.
    private(set) var recoveryFacts: Metadata?

    /// Whether a recovery said at their places where frames were lost.
    private var hasRecoveredOffsets = false

    /// Offset of the record that holds the current frame.
    var recordOffset: UInt64 { reader.recordOffset }

    /// The frame's times as the container has them.
    package var rawLogTime: UInt64 { message.logTime }
    package var rawPublishTime: UInt64 { message.publishTime }

    /// The frame's channel and schema as the container has them.
    var containerChannel: Channel { reader.channels[channelIndex] }
    var containerSchema: Schema? {
        guard let indexed else { return reader.schema(ofChannelAt: channelIndex) }
        let id = containerChannel.schemaID
        return indexed.summary.schemas.first { $0.id == id }
    }

    /// What was read so far, counted; after the last frame, the whole file.
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

    /// A channel and its frames so far; nil for one that the summary alone has, otherwise than the data.
    private func channelCount(_ position: Int) -> RecordingSummary.ChannelCount? {
        let frames = state.pointee.frames(ofChannel: position)
        guard frames > 0 || !reader.isContradicted(channelAt: position) else { return nil }
        return .init(channel: FrameChannel(reader.channels[position]), frames: frames)
    }

    /// The topics of all channels known so far, whether or not frames of them came.
    public var topics: [String] { reader.channels.map(\.topic) }

    /// Whether anything could not be read so far; after the end also whether the file was torn.
    public var isDamaged: Bool {
        if let indexed { return !indexed.losses.isEmpty }
        return !reader.losses.isEmpty
            || ((sorted != nil || (state.pointee.isOver && isAtEnd)) && !reader.isComplete)
    }

    /// Whether the end of the file was found whole; known after the last frame.
    public var isComplete: Bool { indexed != nil || reader.isComplete }

    private var message: MessageHeader { indexed?.message ?? sorted?.message ?? reader.message }

    private var isAtEnd = false

    /// Moves to the next frame of the slice; false behind the last.
    public func advance() throws(RecordingError) -> Bool {
        let reader = reader
        if state.pointee.isPlain, reader.nextMessageOfChunk(ofFirst: state.pointee.channelCount) {
            state.pointee.read(reader.message, reader.data, at: reader.messageSlot)
            return true
        }
        return try advanceInSlice()
    }

    @inline(never)
    private func advanceInSlice() throws(RecordingError) -> Bool {
        while !state.pointee.isOver {
            if state.pointee.isPrimed {
                state.pointee.isPrimed = false
                state.pointee.isPlain = indexed == nil && sorted == nil && slice.isWhole
            } else if try !readFrame() {
                state.pointee.isOver = true
                isAtEnd = true
                return false
            }
            if slice.isPast(time) {
                // Where times only grow nothing of the slice follows.
                guard state.pointee.isMonotonic || sorted != nil || indexed != nil else { continue }
                state.pointee.isOver = true
                return false
            }
            if time >= slice.from { return true }
        }
        return false
    }

    /// Reads metadata up to the first frame, which the first ``advance()`` then takes.
    private func prime() throws(RecordingError) {
        state.pointee.isPrimed = try readFrame()
        if !state.pointee.isPrimed {
            state.pointee.isOver = true
            isAtEnd = true
        }
        session = SessionIdentity(sessionFacts, firstFrame: state.pointee.isPrimed ? receiveTime : 0)
    }

    private func readFrame() throws(RecordingError) -> Bool {
        let isFrame = try readNext()
        let losses = indexed?.losses ?? reader.losses
        if losses.count > lossesSeen, losses[lossesSeen...].contains(where: { $0.messages != 0 }) {
            state.pointee.lostIndexes += 1
        }
        lossesSeen = losses.count
        return isFrame
    }

    private func readNext() throws(RecordingError) -> Bool {
        // The memory it lies in may move, whatever is found.
        state.pointee.data = UnsafeRawBufferPointer(start: nil, count: 0)
        let reader = reader
        do {
            if let indexed {
                guard try indexed.next() else { return false }
                if state.pointee.isMonotonic {
                    if indexed.chunksTaken > chunksTaken { passOver(to: indexed.chunksTaken) }
                } else {
                    state.pointee.frameCount = indexed.messageIndex
                }
                read(indexed.message, indexed.data, at: reader.slot(indexed.message.channelID) ?? 0)
                return true
            }
            if let sorted {
                guard try sorted.next() else { return false }
                state.pointee.frameCount = sorted.index
                read(sorted.message, sorted.data, at: sorted.channelIndex)
                return true
            }
            while let event = try reader.next() {
                switch event {
                case .message:
                    read(reader.message, reader.data, at: reader.messageSlot)
                    return true
                case .metadata, .attachment: apply(event)
                }
            }
            return false
        } catch {
            throw .file("\(error)")
        }
    }

    private func apply(_ event: StreamReader.Event) {
        if event == .metadata { read(reader.metadata) }
        guard keepsExtras else { return }
        if event == .metadata, let record = reader.metadata { extras.append(.metadata(record)) }
        if event == .attachment, let record = reader.attachment { extras.append(.attachment(record)) }
    }

    /// Counts what lies between the chunks read.
    private func passOver(to count: Int) {
        for position in chunksTaken..<min(count, skipped.count) {
            state.pointee.clock = max(state.pointee.clock, skipped[position].clock)
            state.pointee.frameCount += skipped[position].frames
        }
        chunksTaken = count
    }

    private func read(_ metadata: Metadata?) {
        guard let metadata else { return }
        if metadata.name == Recovery.reportName {
            if Recovery.recordsLoss(metadata, afterIndexes: hasRecoveredOffsets) {
                state.pointee.lostIndexes += 1
            }
            hasRecoveredOffsets = hasRecoveredOffsets || Recovery.isLossMetadata(metadata)
            recoveryFacts = metadata
        }
        guard metadata.name == "session" else { return }
        if sessionFacts == nil {
            sessionFacts = metadata
        } else if state.pointee.frameCount > 0, SessionIdentity(metadata, firstFrame: 0).name != session.name
        {
            // Files that were put one behind the other: nothing of the first goes on.
            state.pointee.lostIndexes += 1
        }
    }

    private func read(_ message: MessageHeader, _ data: RawSpan, at position: Int) {
        if position >= state.pointee.channelCount { learnChannels() }
        state.pointee.read(message, data, at: position)
    }

    private func learnChannels() {
        while channels.count < reader.channels.count {
            channels.append(FrameChannel(reader.channels[channels.count]))
        }
        state.pointee.makeRoom(channels.count)
    }
}
