public import ByteCoding

extension Summary {
    /// Whether counts and offsets agree with each other and with the file, as far as a few reads show.
    ///
    /// Chunks must be as many as counted and in sequence; the first, the last and the end of the data must
    /// be at their offsets: this detects bytes cut from or inserted into a file.
    public func fits(_ file: FileReader) -> Bool {
        let chunks = chunkIndexes.sorted { $0.chunkOffset < $1.chunkOffset }
        guard let statistics, Int(statistics.chunkCount) == chunks.count, isCounted(statistics),
            endsData(file), areApart(chunks)
        else { return false }
        return [chunks.first, chunks.last].allSatisfy { chunk in
            chunk.map { hasRecord(.chunk, at: $0.chunkOffset, length: $0.chunkLength, in: file) } ?? true
        }
    }

    /// Whether the indexed chunks contain all messages of the file: no message or chunk lies outside, each
    /// number is one channel's, and the times are those of the chunks themselves.
    /// - Complexity: one small read a chunk, and one for each further record of the data.
    public func isExhaustive(in file: FileReader) -> Bool {
        guard Set(channels.map(\.id)).count == channels.count else { return false }
        var ends: [UInt64: UInt64] = [:]
        for chunk in chunkIndexes {
            guard stateItself(chunk, in: file) else { return false }
            ends[chunk.chunkOffset] = chunk.chunkOffset &+ chunk.chunkLength &+ chunk.messageIndexLength
        }
        for index in attachmentIndexes { ends[index.offset] = index.offset &+ index.length }
        for index in metadataIndexes { ends[index.offset] = index.offset &+ index.length }
        var position = UInt64(Format.magic.count)
        var others = 0
        while position < offset - UInt64(Format.prefixSize + 4), others < 1 << 16 {
            if let end = ends[position] {
                guard end > position else { return false }
                position = end
                continue
            }
            others += 1
            guard let (code, length) = head(at: position, in: file), code != Opcode.message.rawValue,
                code != Opcode.chunk.rawValue, length <= offset - position
            else { return false }
            position += UInt64(Format.prefixSize) + length
        }
        return position == offset - UInt64(Format.prefixSize + 4)
    }

    /// Whether a chunk's own fields agree with its index.
    private func stateItself(_ index: ChunkIndex, in file: FileReader) -> Bool {
        var buffer = GrowableBytes()
        let size = Format.prefixSize + 24
        guard (try? Self.read(file, at: index.chunkOffset, count: size, into: &buffer)) != nil else {
            return false
        }
        var reader = ByteReader(buffer.bytes)
        guard (try? reader.read(UInt8.self)) == Opcode.chunk.rawValue,
            (try? reader.read(UInt64.self)) == index.chunkLength &- UInt64(Format.prefixSize)
        else { return false }
        return (try? reader.read(UInt64.self)) == index.startTime
            && (try? reader.read(UInt64.self)) == index.endTime
            && (try? reader.read(UInt64.self)) == index.uncompressedSize
    }

    /// Whether the channels' counts add up to the count of all.
    private func isCounted(_ statistics: Statistics) -> Bool {
        var total: UInt64 = 0
        for entry in statistics.channelMessageCounts {
            let (sum, overflow) = total.addingReportingOverflow(entry.count)
            guard !overflow, channels.contains(where: { $0.id == entry.channelID }) || entry.count == 0 else {
                return false
            }
            total = sum
        }
        return total == statistics.messageCount
    }

    private func areApart(_ chunks: [ChunkIndex]) -> Bool {
        var end = UInt64(Format.magic.count)
        for chunk in chunks {
            guard chunk.chunkOffset >= end, chunk.chunkLength <= offset,
                chunk.chunkOffset <= offset - chunk.chunkLength
            else { return false }
            end = chunk.chunkOffset + chunk.chunkLength
        }
        return true
    }

    /// The record before the summary ends the data.
    private func endsData(_ file: FileReader) -> Bool {
        let length = UInt64(Format.prefixSize + 4)
        guard offset >= length else { return false }
        return hasRecord(.dataEnd, at: offset - length, length: length, in: file)
    }

    private func head(at slot: UInt64, in file: FileReader) -> (code: UInt8, length: UInt64)? {
        var buffer = GrowableBytes()
        guard (try? Self.read(file, at: slot, count: Format.prefixSize, into: &buffer)) != nil else {
            return nil
        }
        var reader = ByteReader(buffer.bytes)
        guard let code = try? reader.read(UInt8.self), let size = try? reader.read(UInt64.self) else {
            return nil
        }
        return (code, size)
    }

    private func hasRecord(_ opcode: Opcode, at slot: UInt64, length: UInt64, in file: FileReader) -> Bool {
        guard let (code, size) = head(at: slot, in: file) else { return false }
        return code == opcode.rawValue && length >= UInt64(Format.prefixSize)
            && size == length - UInt64(Format.prefixSize)
    }
}
