import ByteCoding

// Handles the records of the file; those within chunks are in StreamReader.swift.

extension StreamReader {
    func readRecord() throws(MCAPError) -> Event? {
        let scanner = scanner
        let code = scanner.opcode
        expectIndex(code)
        if !inData { coverSummary(code) }
        switch Opcode(rawValue: code) {
        case .message: return readMessage()
        case .chunk: try readChunk()
        case .messageIndex: readIndex()
        case .attachment: return readAttachment()
        case .metadata: return readMetadata()
        case .schema, .channel:
            if !define(code, scanner.content) {
                lose("\(RecordScanner.name(code)) whose fields do not fit its length")
            }
        case .dataEnd: readDataEnd()
        case .statistics: readStatistics()
        case .footer: try readFooter()
        case .header, .chunkIndex, .attachmentIndex, .metadataIndex, .summaryOffset: check(code)
        case nil: unknownRecords += 1
        }
        return nil
    }

    private func readMessage() -> Event? {
        let scanner = scanner
        var reader = ByteReader(scanner.content)
        guard inData, let header = try? MessageHeader(from: &reader) else {
            lose("message record of \(scanner.length) bytes")
            return nil
        }
        guard !isIndexInDisguise(header) else {
            lose("message record that is a message index by its lengths", messages: 0)
            return nil
        }
        cursor.pointee.message = header
        guard isKnown(header.channelID) else {
            let reason = "message of channel \(header.channelID), whose record is missing"
            lose(reason, messages: 1, time: header.logTime)
            return nil
        }
        cursor.pointee.slot = cursor.pointee.slots[Int(header.channelID)]
        cursor.pointee.data = scanner.contentBase + Format.messageHeaderSize
        cursor.pointee.dataCount = scanner.length - Format.messageHeaderSize
        cursor.pointee.count(header.logTime)
        return .message
    }

    /// A message index with a damaged opcode reads as a message: its channel, then the length of its
    /// entries in place of the counter.
    private func isIndexInDisguise(_ header: MessageHeader) -> Bool {
        let opcode = Opcode(rawValue: previous.opcode)
        guard opcode == .chunk || opcode == .messageIndex else { return false }
        return header.sequence % 16 == 0 && UInt64(header.sequence) + 6 == UInt64(scanner.length)
    }

    private func readChunk() throws(MCAPError) {
        let scanner = scanner
        let content = scanner.content
        var reader = ByteReader(content)
        guard let header = try? ChunkHeader(from: &reader) else {
            lose("chunk whose fields do not fit its length")
            return
        }
        let start = reader.position
        guard header.storedSize <= UInt64(content.byteCount - start) else {
            let room = content.byteCount - start
            loseChunk(
                header,
                "chunk says it stores \(header.storedSize) bytes, its record has room for \(room)"
            )
            return
        }
        let stored = content.extracting(start..<start + Int(header.storedSize))
        do {
            if ahead?.exchange(&chunk, at: scanner.offset, header, stored: stored) == true {
                chunksAhead += 1
            } else {
                try chunk.load(header, stored: stored, limits: scanner.limits)
            }
            askAhead()
        } catch {
            if let size = error.sizeOverLimit { throw scanner.overLimit("chunk", size, scanner.limits.chunk) }
            loseChunk(header, error.reason)
            return
        }
        guard !loseRepeat(ifDoubled: dropsRepeats || !scanner.losses.isEmpty) else {
            chunk.clear()
            return
        }
        chunkOffset = scanner.offset
        cursor.pointee.enter(chunk)
        unknownRecords += chunk.strangers
        recordCounts.chunkCount += 1
        compressedBytes += header.storedSize
        uncompressedBytes += header.uncompressedSize
        countCompression(header.compression)
    }

    /// Drops the current record if damage may have doubled it and an equal one was read before.
    private func loseRepeat(ifDoubled isDoubled: Bool) -> Bool {
        // A 32-bit checksum would match different records.
        let scanner = scanner
        guard isSalvaging else { return false }
        let key = SHA256.digest(of: scanner.record)
        guard let first = firstIndexes[key] else {
            firstIndexes[key] = scanner.offset
            return false
        }
        guard isDoubled else { return false }
        let name = RecordScanner.name(scanner.opcode)
        lose("\(name) repeats the one at byte \(first) byte for byte", messages: 0)
        return true
    }

    private func countCompression(_ name: String) {
        if let index = compressions.firstIndex(where: { $0.name == name }) {
            compressions[index].count += 1
        } else {
            compressions.append((name, 1))
        }
    }

    private func readIndex() {
        let scanner = scanner
        guard MessageIndex.isWhole(scanner.content) else {
            lose("message index whose fields do not fit its length", messages: 0)
            return
        }
        var reader = ByteReader(scanner.content)
        guard let index = lossAwaitingIndex, let record = try? MessageIndex(from: &reader) else { return }
        scanner.losses[index].messages = (scanner.losses[index].messages ?? 0) + UInt64(record.entries.count)
        for entry in record.entries {
            let loss = scanner.losses[index]
            scanner.losses[index].startTime = min(loss.startTime ?? entry.logTime, entry.logTime)
            scanner.losses[index].endTime = max(loss.endTime ?? entry.logTime, entry.logTime)
        }
    }

    private func readAttachment() -> Event? {
        let scanner = scanner
        let content = scanner.content
        var reader = ByteReader(content)
        guard let record = try? Attachment(from: &reader) else {
            lose("attachment whose fields do not fit its length", messages: 0)
            return nil
        }
        let covered = content.extracting(0..<reader.position)
        guard let crc = try? reader.read(UInt32.self), crc == 0 || crc == CRC32.checksum(covered) else {
            lose("attachment \(String(reflecting: record.name)) fails its CRC-32", messages: 0)
            return nil
        }
        if !doubled.isEmpty, loseRepeat(ifDoubled: doubled.contains(scanner.offset)) { return nil }
        recordCounts.attachmentCount += 1
        attachment = record
        return .attachment
    }

    private func readMetadata() -> Event? {
        let scanner = scanner
        var reader = ByteReader(scanner.content)
        guard let record = try? Metadata(from: &reader) else {
            lose("metadata whose fields do not fit its length", messages: 0)
            return nil
        }
        if !doubled.isEmpty, loseRepeat(ifDoubled: doubled.contains(scanner.offset)) { return nil }
        recordCounts.metadataCount += 1
        metadata = record
        return .metadata
    }

    /// Only what belongs to a summary may follow the end of the data.
    private func readDataEnd() {
        let summary: [Opcode] = [
            .schema, .channel, .chunkIndex, .attachmentIndex, .statistics, .metadataIndex, .summaryOffset,
            .footer,
        ]
        let next = scanner.nextOpcode.flatMap { Opcode(rawValue: $0) }
        guard scanner.length < 1 << 10, next.map({ summary.contains($0) }) ?? true else {
            lose("data end of \(scanner.length) bytes where the data goes on")
            return
        }
        inData = false
        summaryStart = scanner.offset + UInt64(Format.prefixSize + scanner.length)
    }

    private func readStatistics() {
        let scanner = scanner
        var reader = ByteReader(scanner.content)
        statistics = try? Statistics(from: &reader)
        if statistics == nil { lose("statistics whose fields do not fit its length", messages: 0) }
    }

    private func readFooter() throws(MCAPError) {
        let scanner = scanner
        var reader = ByteReader(scanner.content)
        guard scanner.length == Format.footerSize, let footer = try? Footer(from: &reader) else {
            lose("footer of \(scanner.length) bytes")
            return
        }
        if !scanner.magicFollows, scanner.input.available >= Format.tailSize {
            lose("footer without the closing magic behind it")
            return
        }
        isComplete = scanner.magicFollows
        judgeSummary(footer)
        scanner.shorten(to: scanner.length + (scanner.magicFollows ? Format.magic.count : 0))
        // Another whole file may follow: files can be concatenated.
        guard try !scanner.fileFollows() else { return }
        isOver = true
        if let rest = try scanner.rest() { scanner.losses.append(rest) }
    }

    /// Records that are read elsewhere must still be whole: a chunk with a flipped opcode is not.
    private func check(_ code: UInt8) {
        let scanner = scanner
        var reader = ByteReader(scanner.content)
        let isWhole =
            switch Opcode(rawValue: code) {
            case .header: (try? Header(from: &reader)) != nil
            case .chunkIndex: (try? ChunkIndex(from: &reader)) != nil
            case .attachmentIndex: (try? AttachmentIndex(from: &reader)) != nil
            case .metadataIndex: (try? MetadataIndex(from: &reader)) != nil
            default: (try? SummaryOffset(from: &reader)) != nil
            }
        let isExpected = !inData || code == Opcode.header.rawValue
        if !isWhole || (!isExpected && scanner.length > 1 << 16) {
            lose("\(RecordScanner.name(code)) whose fields do not fit its length", messages: inData ? nil : 0)
        }
    }
}
