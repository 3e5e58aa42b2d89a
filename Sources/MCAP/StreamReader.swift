public import ByteCoding

/// Reads an MCAP file sequentially from a file, a pipe or memory, one chunk at a time.
///
/// Damage is skipped and reported in ``losses``; only a failing read or an input that is not MCAP throws.
/// Message data is borrowed from the chunk; nothing is allocated per message.
public final class StreamReader {
    /// What ``next()`` came to.
    public enum Event: Equatable, Sendable {
        /// ``message`` and ``data``.
        case message
        /// ``attachment``.
        case attachment
        /// ``metadata``.
        case metadata
    }

    /// The file's header; empty texts if it was damaged.
    public internal(set) var header = Header()
    /// The current message.
    @inlinable public var message: MessageHeader { cursor.pointee.message }
    /// The attachment last read.
    public internal(set) var attachment: Attachment?
    /// The metadata record last read.
    public internal(set) var metadata: Metadata?
    /// Channels so far, in order of their first record; a number declared again differently is a further
    /// channel.
    public internal(set) var channels: [Channel] = []
    /// Schemas so far, likewise.
    public internal(set) var schemas: [Schema] = []
    /// The summary's counts, once the end was reached.
    public internal(set) var statistics: Statistics?
    /// Counts of what was read: messages, chunks, attachments, metadata.
    public var counts: Statistics {
        var counts = recordCounts
        let cursor = cursor.pointee
        counts.messageCount = cursor.messageCount
        counts.attachmentCount &+= scanner.skippedAttachments
        (counts.startTime, counts.endTime) =
            cursor.messageCount > 0 ? (cursor.startTime, cursor.endTime) : (0, 0)
        return counts
    }
    /// Records of unknown kinds, skipped as the format demands.
    public internal(set) var unknownRecords: UInt64 = 0
    /// Chunks read by name of compression ("" is none), in order of first use.
    public internal(set) var compressions: [(name: String, count: UInt64)] = []
    /// Bytes of chunks as stored.
    public internal(set) var compressedBytes: UInt64 = 0
    /// Bytes of chunks when expanded.
    public internal(set) var uncompressedBytes: UInt64 = 0
    /// Whether data end, footer and closing magic were found.
    public internal(set) var isComplete = false

    /// The channels and schemas by number.
    var declared = Declarations()
    /// The offset at which the current file begins: files may be concatenated.
    var fileStart: UInt64 = 0
    /// Messages and losses of the files before the current one.
    var before: (messages: UInt64, losses: Int) = (0, 0)

    let scanner: RecordScanner
    var chunk = ChunkContents()
    /// Chunks that were expanded ahead of their reading.
    public internal(set) var chunksAhead: UInt64 = 0
    /// Expands the chunk behind the current one; nil unless asked for.
    private(set) var ahead: ChunkAhead?
    // State changed by every message, outside the class: exclusivity checks of class properties cost more
    // than reading a message. Safe: nothing else has the pointer.
    @usableFromInline let cursor: UnsafeMutablePointer<MessageCursor>
    var recordCounts = Statistics()
    var chunkOffset: UInt64?
    var inData = true
    var isOver = false
    var isFinished = false
    /// Whether the first bytes are not MCAP's, which only salvaging accepts.
    var startsForeign = false
    /// Whether chunks that repeat an earlier one byte for byte are skipped: in files known to be damaged
    /// and after a loss; sound files may have equal ones.
    var dropsRepeats = false
    /// Offsets of attachments and metadata records to skip as repeats: writers write equal ones, so damage
    /// alone is not enough.
    var doubled: Set<UInt64> = []
    /// The first offset of each chunk, attachment and metadata record, by checksum.
    var firstIndexes: [[UInt8]: UInt64] = [:]
    let isSalvaging: Bool
    /// Whether the scanner is at a record not handled yet.
    var pending = false
    /// The record before the current one, which may turn out to have been a chunk.
    var previous: (opcode: UInt8, offset: UInt64, length: UInt64) = (0, 0, 0)
    var summaryStart: UInt64 = 0
    var summaryCRC = CRC32()
    var isSummarySound = true
    /// The loss whose messages the following message indexes would state.
    var lossAwaitingIndex: Int?
    var unattributed: (count: UInt64, first: UInt64, last: UInt64) = (0, 0, 0)

    /// Starts reading; throws if the input does not begin as an MCAP file.
    /// - Parameters:
    ///   - input: where the bytes come from.
    ///   - schemas: schemas known beforehand (from a summary), used where their records are lost.
    ///   - channels: channels known beforehand, likewise.
    ///   - limits: the largest things taken into memory.
    ///   - salvaging: go on where the first bytes are not MCAP's, and lose what damage doubled.
    /// - Throws: ``MCAPError`` if the input fails or is no MCAP file.
    public init(
        _ input: ByteInput,
        schemas: [Schema] = [],
        channels: [Channel] = [],
        limits: ReaderLimits = .init(),
        salvaging: Bool = false
    ) throws(MCAPError) {
        scanner = RecordScanner(input, limits: limits)
        cursor = .allocate(capacity: 1)
        cursor.initialize(to: MessageCursor())
        isSalvaging = salvaging
        scanner.skipsLargeAttachments = !salvaging
        for schema in schemas { learn(schema, isDeclared: false) }
        for channel in channels { learn(channel, isDeclared: false) }
        try readMagic(salvaging: salvaging)
    }

    deinit {
        ahead?.end()
        cursor.pointee.slots.deallocate()
        cursor.deallocate()
    }

    /// Expands chunks on a thread of its own from here on, one ahead of those read.
    ///
    /// - Parameter file: the file that is read, opened once more: one that is not, or changes meanwhile, costs time only.
    public func readAhead(in file: FileReader) {
        guard ahead == nil else { return }
        ahead = ChunkAhead(file, limits: scanner.limits)
        if chunkOffset != nil { askAhead() }
    }

    /// Begins to expand what comes behind the current record.
    func askAhead() { ahead?.ask(behind: scanner.offset + UInt64(Format.prefixSize + scanner.length)) }

    /// Ranges of the file that could not be read, in the order of their discovery.
    public var losses: [Loss] { scanner.losses }

    /// The current message's bytes; valid until the next call of ``next()``.
    @inlinable public var data: RawSpan {
        @_lifetime(borrow self)
        get {
            // Safe: the chunk was walked, or the record is in the window; the range lies within it.
            let span = RawSpan(_unsafeStart: cursor.pointee.data, byteCount: cursor.pointee.dataCount)
            return _overrideLifetime(span, borrowing: self)
        }
    }

    /// Offset of the record that holds the current message: its chunk, or the message itself.
    public var recordOffset: UInt64 { chunkOffset ?? scanner.offset }

    /// The channel of this number, if it was read.
    public func channel(_ id: UInt16) -> Channel? {
        slot(id).map { channels[$0] }
    }

    /// Position in ``channels`` of the channel of this number.
    public func slot(_ id: UInt16) -> Int? {
        let slot = cursor.pointee.slots[Int(id)]
        return slot >= 0 ? Int(slot) : nil
    }

    /// The schema of the channel at an index of ``channels``, as of the channel's last declaration.
    public func schema(ofChannelAt index: Int) -> Schema? {
        declared.schemaIndexes[index].map { schemas[$0] }
    }

    /// Whether the channel at an index of ``channels`` was known beforehand and the data declare it
    /// differently.
    public func isContradicted(channelAt index: Int) -> Bool { declared.contradicted.contains(index) }

    /// Position in ``channels`` of the current message's channel.
    @inlinable public var messageSlot: Int { Int(cursor.pointee.slot) }

    /// Moves to the next message if it is the chunk's next record and of one of the first `count` of
    /// ``channels``: the fast path of readers of messages only, who fall back on ``next()``.
    @inlinable @inline(__always)
    public func nextMessageOfChunk(ofFirst count: Int) -> Bool {
        cursor.pointee.readMessage(ofFirst: count)
    }

    /// Moves to the next message, attachment or metadata record; nil at the end.
    public func next() throws(MCAPError) -> Event? {
        while true {
            if chunkOffset != nil {
                if nextInChunk() { return .message }
                closeChunk()
            }
            if !pending {
                let isMore = isOver ? false : try scanner.next()
                if scanner.startsFile { beginFile() }
                guard isMore else {
                    finish()
                    return nil
                }
            }
            pending = false
            defer {
                previous = (scanner.opcode, scanner.offset, UInt64(Format.prefixSize + scanner.length))
            }
            if let event = try readRecord() { return event }
        }
    }

    // MARK: - Inside a chunk

    func nextInChunk() -> Bool {
        let cursor = cursor
        while cursor.pointee.next < cursor.pointee.headCount {
            if cursor.pointee.readMessage(ofFirst: channels.count) { return true }
            let head = cursor.pointee.heads[cursor.pointee.next]
            cursor.pointee.next += 1
            if head.isMessage {
                cursor.pointee.message = head.message
                miss(head.message)
            } else {
                define(at: Int(head.start))
            }
        }
        return false
    }

    /// Declares the schema or channel whose content begins at an offset of the chunk.
    private func define(at start: Int) {
        // Safe: the walk found opcode, length and content within the chunk.
        let content = cursor.pointee.base + start
        let code = (content - Format.prefixSize).load(as: UInt8.self)
        let size = (content - MemoryLayout<UInt64>.size).loadUnaligned(as: UInt64.self)
        _ = define(code, RawSpan(_unsafeStart: content, byteCount: Int(UInt64(littleEndian: size))))
    }

    @inline(__always)
    static func messageHeader(_ bytes: RawSpan, at start: Int) -> MessageHeader {
        MessageHeader(
            channelID: UInt16(
                littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: UInt16.self)
            ),
            sequence: UInt32(
                littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start + 2, as: UInt32.self)
            ),
            logTime: UInt64(
                littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start + 6, as: UInt64.self)
            ),
            publishTime: UInt64(
                littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start + 14, as: UInt64.self)
            )
        )
    }

    func closeChunk() {
        if unattributed.count > 0, let offset = chunkOffset {
            scanner.losses.append(
                Loss(
                    offset: offset,
                    length: 0,
                    messages: unattributed.count,
                    startTime: unattributed.first,
                    endTime: unattributed.last,
                    reason: "messages of channels whose records are missing"
                )
            )
        }
        unattributed = (0, 0, 0)
        chunkOffset = nil
        cursor.pointee.leaveChunk()
        chunk.clear()
    }

    func miss(_ message: MessageHeader) {
        let first = unattributed.count == 0
        unattributed.first = first ? message.logTime : min(unattributed.first, message.logTime)
        unattributed.last = first ? message.logTime : max(unattributed.last, message.logTime)
        unattributed.count += 1
    }

    func isKnown(_ id: UInt16) -> Bool { cursor.pointee.slots[Int(id)] >= 0 }
}
