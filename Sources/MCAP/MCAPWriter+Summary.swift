import ByteCoding

extension MCAPWriter {
    /// Writes summary, summary offsets, footer and closing magic.
    func writeSummary() throws(MCAPError) {
        let start = output.position
        var buffer = GrowableBytes(capacity: 64 << 10)
        let groups = appendGroups(to: &buffer, start: start)
        let offsetStart = start + UInt64(buffer.count)
        if options.summaryOffsets {
            for group in groups { group.append(to: &buffer) }
        }
        let footer = Footer(
            summaryStart: groups.isEmpty ? 0 : start,
            summaryOffsetStart: groups.isEmpty || !options.summaryOffsets ? 0 : offsetStart,
            summaryCRC: 0
        )
        footer.appendBeforeCRC(to: &buffer)
        buffer.append(options.summaryCRC ? CRC32.checksum(buffer.bytes) : UInt32(0))
        buffer.append(Format.magic)
        do {
            try output.write(buffer.bytes)
        } catch {
            throw .file(error)
        }
    }

    private func appendGroups(to buffer: inout GrowableBytes, start: UInt64) -> [SummaryOffset] {
        var groups: [SummaryOffset] = []
        func group(_ opcode: Opcode, _ wanted: Bool, _ append: (inout GrowableBytes) -> Void) {
            let before = buffer.count
            if wanted { append(&buffer) }
            guard buffer.count > before else { return }
            groups.append(
                SummaryOffset(
                    opcode: opcode.rawValue,
                    start: start + UInt64(before),
                    length: UInt64(buffer.count - before)
                )
            )
        }
        group(.schema, options.summarySchemas) { for schema in schemas { schema.append(to: &$0) } }
        group(.channel, options.summaryChannels) {
            for state in state.pointee.channels { state.channel.append(to: &$0) }
        }
        group(.statistics, options.statistics) { finalStatistics.append(to: &$0) }
        group(.metadataIndex, options.metadataIndex) {
            for index in metadataIndexes { index.append(to: &$0) }
        }
        group(.attachmentIndex, options.attachmentIndex) {
            for index in attachmentIndexes { index.append(to: &$0) }
        }
        group(.chunkIndex, options.chunkIndex) { for index in chunkIndexes { index.append(to: &$0) } }
        return groups
    }

    private var finalStatistics: Statistics {
        var result = statistics
        let counted = state.pointee.channels.filter { $0.messageCount > 0 }
        result.channelMessageCounts = counted.map { .init(channelID: $0.channel.id, count: $0.messageCount) }
            .sorted { $0.channelID < $1.channelID }
        return result
    }
}
