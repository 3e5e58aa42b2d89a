import ByteCoding

extension MCAPWriter {
    /// Appends a message to the open chunk.
    func hold(_ header: MessageHeader, data: RawSpan, slot: Int) {
        if options.repeatsChannelsInChunks { repeatChannel(slot) }
        if options.messageIndex {
            if state.pointee.channels[slot].index.isEmpty { state.pointee.chunk.used.append(slot) }
            state.pointee.channels[slot].index.append(
                .init(logTime: header.logTime, offset: UInt64(state.pointee.chunk.records.count))
            )
        }
        header.append(to: &state.pointee.chunk.records, data: data)
        let isFirst = state.pointee.chunk.messageCount == 0
        state.pointee.chunk.startTime =
            isFirst ? header.logTime : min(state.pointee.chunk.startTime, header.logTime)
        state.pointee.chunk.endTime =
            isFirst ? header.logTime : max(state.pointee.chunk.endTime, header.logTime)
        state.pointee.chunk.messageCount += 1
    }

    private func repeatChannel(_ slot: Int) {
        let number = state.pointee.statistics.chunkCount + 1
        guard state.pointee.channels[slot].chunkNumber != number else { return }
        state.pointee.channels[slot].chunkNumber = number
        let channel = state.pointee.channels[slot].channel
        if let schema = schemas.first(where: { $0.id == channel.schemaID }) {
            schema.append(to: &state.pointee.chunk.records)
        }
        channel.append(to: &state.pointee.chunk.records)
    }

    /// Writes the open chunk and its message indexes, if it has records.
    public func closeChunk() throws(MCAPError) {
        guard state.pointee.chunk.records.count > 0 else { return }
        let records = RawSpan(
            _unsafeStart: state.pointee.chunk.records.unsafeBase,
            byteCount: state.pointee.chunk.records.count
        )
        state.pointee.chunk.stored.removeAll()
        do {
            try compressor.compress(records, appendingTo: &state.pointee.chunk.stored)
        } catch {
            throw .file(error)
        }
        let storedSize =
            compressor.isIdentity ? state.pointee.chunk.records.count : state.pointee.chunk.stored.count
        let header = ChunkHeader(
            startTime: state.pointee.chunk.startTime,
            endTime: state.pointee.chunk.endTime,
            uncompressedSize: UInt64(records.byteCount),
            uncompressedCRC: options.chunkCRC ? CRC32.checksum(records) : 0,
            compression: compressor.name,
            storedSize: UInt64(storedSize)
        )
        let offset = output.position
        var prefix = GrowableBytes(capacity: 128)
        header.append(to: &prefix)
        try emit(RawSpan(_unsafeStart: prefix.unsafeBase, byteCount: prefix.count))
        if compressor.isIdentity {
            try emit(records)
        } else {
            try emit(RawSpan(_unsafeStart: state.pointee.chunk.stored.unsafeBase, byteCount: storedSize))
        }
        try index(header, at: offset)
        countChunk()
        state.pointee.chunk.records.removeAll()
        (state.pointee.chunk.messageCount, state.pointee.chunk.startTime, state.pointee.chunk.endTime) = (
            0, 0, 0
        )
    }

    private func index(_ header: ChunkHeader, at offset: UInt64) throws(MCAPError) {
        let chunkEnd = output.position
        var entries: [ChunkIndex.Entry] = []
        state.pointee.chunk.indexes.removeAll()
        for slot in state.pointee.chunk.used {
            let id = state.pointee.channels[slot].channel.id
            entries.append(.init(channelID: id, offset: chunkEnd + UInt64(state.pointee.chunk.indexes.count)))
            MessageIndex(channelID: id, entries: state.pointee.channels[slot].index)
                .append(to: &state.pointee.chunk.indexes)
            state.pointee.channels[slot].index.removeAll(keepingCapacity: true)
        }
        state.pointee.chunk.used.removeAll(keepingCapacity: true)
        let length = state.pointee.chunk.indexes.count
        try emit(RawSpan(_unsafeStart: state.pointee.chunk.indexes.unsafeBase, byteCount: length))
        guard options.chunkIndex else { return }
        chunkIndexes.append(
            ChunkIndex(
                startTime: header.startTime,
                endTime: header.endTime,
                chunkOffset: offset,
                chunkLength: chunkEnd - offset,
                messageIndexOffsets: entries,
                messageIndexLength: UInt64(length),
                compression: header.compression,
                compressedSize: header.storedSize,
                uncompressedSize: header.uncompressedSize
            )
        )
    }
}
