public import ByteCoding

/// Writes an MCAP file sequentially; the same calls give the same bytes.
///
/// A failed write (a full disk) is thrown and leaves the writer unusable.
public final class MCAPWriter {
    /// What is written besides the records.
    public let options: WriterOptions
    /// Counts so far.
    public var statistics: Statistics { state.pointee.statistics }
    /// Where the bytes go.
    public let output: ByteOutput

    var schemas: [Schema] = []
    // State changed by every message, outside the class: exclusivity checks of class properties cost more
    // than appending a message. Safe: nothing else has the pointer.
    let state: UnsafeMutablePointer<WriterState>
    var chunkIndexes: [ChunkIndex] = []
    var attachmentIndexes: [AttachmentIndex] = []
    var metadataIndexes: [MetadataIndex] = []
    let compressor: ChunkCompressor
    private var scratch = GrowableBytes(capacity: 4 << 10)
    private var dataCRC = CRC32()
    private var isFinished = false

    struct WriterState: ~Copyable {
        var channels: [ChannelState] = []
        var chunk = ChunkState()
        var statistics = Statistics()
        /// The index in `channels` of each possible channel number; -1 if there is none.
        let slots: UnsafeMutablePointer<Int32>

        init() {
            slots = .allocate(capacity: 1 << 16)
            slots.initialize(repeating: -1, count: 1 << 16)
        }

        deinit { slots.deallocate() }
    }

    struct ChannelState {
        let channel: Channel
        var messageCount: UInt64 = 0
        /// The last chunk with the channel's record.
        var chunkNumber: UInt32 = 0
        /// Its messages in the open chunk.
        var index: [MessageIndex.Entry] = []
    }

    /// Starts a file: writes magic and header.
    public init(_ output: ByteOutput, header: Header, options: WriterOptions = .init()) throws(MCAPError) {
        self.output = output
        self.options = options
        state = .allocate(capacity: 1)
        state.initialize(to: WriterState())
        do {
            compressor = try ChunkCompressor(options.compression)
        } catch {
            throw .file(error)
        }
        scratch.append(Format.magic)
        header.append(to: &scratch)
        try emitScratch()
    }

    deinit {
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Writes a schema; the same schema again changes nothing.
    public func add(_ schema: Schema) throws(MCAPError) {
        guard schema.id != 0 else { throw unwritable("schema number 0 means none") }
        if let known = schemas.first(where: { $0.id == schema.id }) {
            guard known == schema else { throw unwritable("schema \(schema.id) was declared otherwise") }
            return
        }
        schemas.append(schema)
        state.pointee.statistics.schemaCount += 1
        try emitOrHold { schema.append(to: &$0) }
    }

    /// Writes a channel, whose schema was written before; the same channel again changes nothing.
    public func add(_ channel: Channel) throws(MCAPError) {
        if let slot = slot(of: channel.id) {
            guard state.pointee.channels[slot].channel == channel else {
                throw unwritable("channel \(channel.id) was declared otherwise")
            }
            return
        }
        guard channel.schemaID == 0 || schemas.contains(where: { $0.id == channel.schemaID }) else {
            throw unwritable("channel \(channel.id) names schema \(channel.schemaID), not declared before")
        }
        state.pointee.slots[Int(channel.id)] = Int32(state.pointee.channels.count)
        let chunkNumber = state.pointee.statistics.chunkCount + 1
        state.pointee.channels.append(ChannelState(channel: channel, chunkNumber: chunkNumber))
        state.pointee.statistics.channelCount += 1
        try emitOrHold { channel.append(to: &$0) }
    }

    /// Writes a message of a channel written before.
    public func write(_ header: MessageHeader, data: RawSpan) throws(MCAPError) {
        guard let slot = slot(of: header.channelID) else {
            throw unwritable("a message names channel \(header.channelID), not declared before")
        }
        if options.chunkSize != nil {
            hold(header, data: data, slot: slot)
        } else {
            header.append(to: &scratch, data: data)
            try emitScratch()
        }
        count(header, slot: slot)
        if let chunkSize = options.chunkSize, state.pointee.chunk.records.count >= chunkSize {
            try closeChunk()
        }
    }

    /// Writes an attachment, after closing the open chunk.
    public func write(_ attachment: Attachment) throws(MCAPError) {
        try closeChunk()
        let offset = output.position
        attachment.append(to: &scratch, checksummed: options.attachmentCRC)
        try emitScratch()
        state.pointee.statistics.attachmentCount += 1
        attachmentIndexes.append(
            AttachmentIndex(
                offset: offset,
                length: output.position - offset,
                logTime: attachment.logTime,
                createTime: attachment.createTime,
                dataSize: UInt64(attachment.data.count),
                name: attachment.name,
                mediaType: attachment.mediaType
            )
        )
    }

    /// Writes a metadata record, after closing the open chunk.
    public func write(_ metadata: Metadata) throws(MCAPError) {
        try closeChunk()
        let offset = output.position
        metadata.append(to: &scratch)
        try emitScratch()
        state.pointee.statistics.metadataCount += 1
        metadataIndexes.append(
            MetadataIndex(offset: offset, length: output.position - offset, name: metadata.name)
        )
    }

    /// Closes the open chunk, writes the summary and the end of the file, and flushes.
    ///
    /// The output's `finish` then renames the file.
    public func finish() throws(MCAPError) {
        guard !isFinished else { return }
        isFinished = true
        try closeChunk()
        DataEnd(dataSectionCRC: options.dataCRC ? dataCRC.value : 0).append(to: &scratch)
        try emitScratch()
        try writeSummary()
        do {
            try output.flush()
        } catch {
            throw .file(error)
        }
    }

    func slot(of channelID: UInt16) -> Int? {
        let slot = state.pointee.slots[Int(channelID)]
        return slot >= 0 ? Int(slot) : nil
    }

    func unwritable(_ reason: String) -> MCAPError { .unwritable(name: output.name, reason: reason) }

    /// Writes bytes of the data section.
    func emit(_ bytes: RawSpan) throws(MCAPError) {
        if options.dataCRC { dataCRC.update(bytes) }
        do {
            try output.write(bytes)
        } catch {
            throw .file(error)
        }
    }

    func countChunk() { state.pointee.statistics.chunkCount += 1 }

    private func emitScratch() throws(MCAPError) {
        try emit(RawSpan(_unsafeStart: scratch.unsafeBase, byteCount: scratch.count))
        scratch.removeAll()
    }

    private func emitOrHold(_ append: (inout GrowableBytes) -> Void) throws(MCAPError) {
        if options.chunkSize != nil {
            append(&state.pointee.chunk.records)
        } else {
            append(&scratch)
            try emitScratch()
        }
    }

    private func count(_ header: MessageHeader, slot: Int) {
        state.pointee.channels[slot].messageCount += 1
        let isFirst = state.pointee.statistics.messageCount == 0
        state.pointee.statistics.startTime =
            isFirst ? header.logTime : min(state.pointee.statistics.startTime, header.logTime)
        state.pointee.statistics.endTime =
            isFirst ? header.logTime : max(state.pointee.statistics.endTime, header.logTime)
        state.pointee.statistics.messageCount += 1
    }
}
