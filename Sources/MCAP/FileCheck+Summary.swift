import ByteCoding

extension FileCheck {
    mutating func checkSummaryRecord(_ code: UInt8) {
        let scanner = scanner
        let record = scanner.record
        let isFooter = code == Opcode.footer.rawValue
        summaryCRC.update(isFooter ? record.extracting(..<max(0, record.byteCount - 4)) : record)
        guard !isFooter, code != Opcode.summaryOffset.rawValue else {
            if offsetStart == 0, !isFooter { offsetStart = scanner.offset }
            return
        }
        let length = UInt64(record.byteCount)
        if let last = groups.indices.last, groups[last].opcode == code {
            groups[last].length += length
        } else {
            if groups.contains(where: { $0.opcode == code }) {
                report("\(RecordScanner.name(code))s of the summary are not together")
            }
            groups.append(SummaryOffset(opcode: code, start: scanner.offset, length: length))
        }
    }

    mutating func checkChunkIndex(_ index: ChunkIndex) {
        chunkIndexCount += 1
        guard let found = chunkIndex(of: index.chunkOffset) else {
            return report("chunk index names byte \(index.chunkOffset), where no chunk is")
        }
        var expected = chunks[found]
        if index.messageIndexOffsets.isEmpty, index.messageIndexLength == 0 {
            (expected.messageIndexOffsets, expected.messageIndexLength) = ([], 0)
        }
        expected.messageIndexOffsets.sort { $0.channelID < $1.channelID }
        var stated = index
        stated.messageIndexOffsets.sort { $0.channelID < $1.channelID }
        if stated != expected {
            report("chunk index of the chunk at byte \(index.chunkOffset) does not match it")
        }
    }

    private func chunkIndex(of offset: UInt64) -> Int? {
        var (low, high) = (0, chunks.count)
        while low < high {
            let middle = (low + high) / 2
            if chunks[middle].chunkOffset < offset { low = middle + 1 } else { high = middle }
        }
        return low < chunks.count && chunks[low].chunkOffset == offset ? low : nil
    }

    mutating func checkAttachmentIndex(_ index: AttachmentIndex) {
        let isThere = attachments[index.offset] == index
        doubled.addAttachmentIndex(index.offset, isThere: isThere)
        if !isThere {
            report("attachment index of byte \(index.offset) matches no attachment")
        }
    }

    mutating func checkMetadataIndex(_ index: MetadataIndex) {
        let isThere = metadata[index.offset] == index
        doubled.addMetadataIndex(index.offset, isThere: isThere)
        if !isThere {
            report("metadata index of byte \(index.offset) matches no metadata record")
        }
    }

    mutating func checkStatistics(_ stated: Statistics) {
        doubled.add(stated)
        var expected = actual
        expected.schemaCount = UInt16(truncatingIfNeeded: schemas.count)
        expected.channelCount = UInt32(truncatingIfNeeded: channels.count)
        let pairs: [(String, UInt64, UInt64)] = [
            ("messages", stated.messageCount, expected.messageCount),
            ("schemas", UInt64(stated.schemaCount), UInt64(expected.schemaCount)),
            ("channels", UInt64(stated.channelCount), UInt64(expected.channelCount)),
            ("attachments", UInt64(stated.attachmentCount), UInt64(expected.attachmentCount)),
            ("metadata records", UInt64(stated.metadataCount), UInt64(expected.metadataCount)),
            ("chunks", UInt64(stated.chunkCount), UInt64(expected.chunkCount)),
            ("as first time", stated.startTime, expected.startTime),
            ("as last time", stated.endTime, expected.endTime),
        ]
        for (name, said, found) in pairs where said != found {
            report("statistics say \(said) \(name), found \(found)")
        }
        for entry in stated.channelMessageCounts where entry.count != counts[entry.channelID] ?? 0 {
            report(
                "statistics say \(entry.count) messages of channel \(entry.channelID), found \(counts[entry.channelID] ?? 0)"
            )
        }
    }

    mutating func checkSummaryOffset(_ offset: SummaryOffset) {
        // An empty group cannot be wrong.
        if offset.length > 0, !groups.contains(offset) {
            report("summary offset of kind \(offset.opcode) does not match the summary")
        }
    }

    mutating func checkFooter(_ footer: Footer) {
        isComplete = scanner.magicFollows
        guard isComplete else { return report("no closing magic behind the footer") }
        scanner.shorten(to: scanner.length + Format.magic.count)
        if summaryStart == nil { report("no data end before the footer") }
        // The offset of an empty section may be 0 or its position.
        let start = summaryStart ?? 0
        if footer.summaryStart != start, footer.summaryStart != 0 || !groups.isEmpty {
            report("footer places the summary at byte \(footer.summaryStart), found \(start)")
        }
        let offsets = offsetStart == 0 ? scanner.offset : offsetStart
        if footer.summaryOffsetStart != offsets, footer.summaryOffsetStart != 0 || offsetStart != 0 {
            report("footer places the summary offsets at byte \(footer.summaryOffsetStart), found \(offsets)")
        }
        doubled.isSummarySound = footer.summaryCRC == 0 || footer.summaryCRC == summaryCRC.value
        if !doubled.isSummarySound { report("the summary fails its CRC-32") }
        if chunkIndexCount > 0, chunkIndexCount != chunks.count {
            report("\(chunkIndexCount) chunk indexes for \(chunks.count) chunks")
        }
    }
}
