import ByteCoding

/// The chunk being filled.
struct ChunkState: ~Copyable {
    var records = ByteBuffer(capacity: 1 << 20)
    var stored = ByteBuffer()
    var messageCount = 0
    var startTime: UInt64 = 0
    var endTime: UInt64 = 0
    /// Channels with messages, in order of their first.
    var used: [Int] = []
}

extension MCAPWriter {
    /// Appends a message to the open chunk.
    func hold(_ header: MessageHeader, data: RawSpan, slot: Int) {
        if options.repeatsChannelsInChunks { repeatChannel(slot) }
        if options.messageIndex {
            if channels[slot].index.isEmpty { chunk.used.append(slot) }
            channels[slot].index.append(
                .init(logTime: header.logTime, offset: UInt64(chunk.records.count))
            )
        }
        header.append(to: &chunk.records, data: data)
        let isFirst = chunk.messageCount == 0
        chunk.startTime = isFirst ? header.logTime : min(chunk.startTime, header.logTime)
        chunk.endTime = isFirst ? header.logTime : max(chunk.endTime, header.logTime)
        chunk.messageCount += 1
    }

    private func repeatChannel(_ slot: Int) {
        let number = statistics.chunkCount + 1
        guard channels[slot].chunkNumber != number else { return }
        channels[slot].chunkNumber = number
        let channel = channels[slot].channel
        if let schema = schemas.first(where: { $0.id == channel.schemaID }) {
            schema.append(to: &chunk.records)
        }
        channel.append(to: &chunk.records)
    }

    /// Writes out the open chunk and its message indexes; without records it does nothing.
    public func closeChunk() throws(MCAPError) {
        guard chunk.records.count > 0 else { return }
        let records = RawSpan(_unsafeStart: chunk.records.unsafeBase, byteCount: chunk.records.count)
        chunk.stored.removeAll()
        do {
            try compressor.compress(records, appendingTo: &chunk.stored)
        } catch {
            throw .file(error)
        }
        let storedSize = compressor.isIdentity ? chunk.records.count : chunk.stored.count
        let header = ChunkHeader(
            startTime: chunk.startTime,
            endTime: chunk.endTime,
            uncompressedSize: UInt64(records.byteCount),
            uncompressedCRC: options.chunkCRC ? CRC32.checksum(records) : 0,
            compression: compressor.name,
            storedSize: UInt64(storedSize)
        )
        let offset = output.position
        var prefix = ByteBuffer(capacity: 128)
        header.append(to: &prefix)
        try emit(RawSpan(_unsafeStart: prefix.unsafeBase, byteCount: prefix.count))
        if compressor.isIdentity {
            try emit(records)
        } else {
            try emit(RawSpan(_unsafeStart: chunk.stored.unsafeBase, byteCount: storedSize))
        }
        try index(header, at: offset)
        countChunk()
        chunk.records.removeAll()
        (chunk.messageCount, chunk.startTime, chunk.endTime) = (0, 0, 0)
    }

    private func index(_ header: ChunkHeader, at offset: UInt64) throws(MCAPError) {
        let chunkEnd = output.position
        var entries: [ChunkIndex.Entry] = []
        var records = ByteBuffer(capacity: 64 << 10)
        for slot in chunk.used {
            let id = channels[slot].channel.id
            entries.append(.init(channelID: id, offset: chunkEnd + UInt64(records.count)))
            MessageIndex(channelID: id, entries: channels[slot].index).append(to: &records)
            channels[slot].index.removeAll(keepingCapacity: true)
        }
        chunk.used.removeAll(keepingCapacity: true)
        try emit(RawSpan(_unsafeStart: records.unsafeBase, byteCount: records.count))
        guard options.chunkIndex else { return }
        chunkIndexes.append(
            ChunkIndex(
                startTime: header.startTime,
                endTime: header.endTime,
                chunkOffset: offset,
                chunkLength: chunkEnd - offset,
                messageIndexOffsets: entries,
                messageIndexLength: UInt64(records.count),
                compression: header.compression,
                compressedSize: header.storedSize,
                uncompressedSize: header.uncompressedSize
            )
        )
    }
}
