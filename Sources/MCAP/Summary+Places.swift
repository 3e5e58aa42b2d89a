public import ByteCoding

extension Summary {
    /// Whether counts and places agree with each other and with the file, as far as a few reads tell.
    ///
    /// The chunks must be as many as counted, lie behind one another, and the first, the last and the end of the
    /// data must stand where the index has them: bytes taken out of a file or put into it do not pass.
    public func fits(_ file: FileReader) -> Bool {
        let chunks = chunkIndexes.sorted { $0.chunkOffset < $1.chunkOffset }
        guard let statistics, Int(statistics.chunkCount) == chunks.count, isCounted(statistics),
            endsData(file), areApart(chunks)
        else { return false }
        return [chunks.first, chunks.last].allSatisfy { chunk in
            chunk.map { hasRecord(.chunk, at: $0.chunkOffset, length: $0.chunkLength, in: file) } ?? true
        }
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

    private func hasRecord(_ opcode: Opcode, at place: UInt64, length: UInt64, in file: FileReader) -> Bool {
        var buffer = ByteBuffer()
        guard (try? Self.read(file, at: place, count: Format.prefixSize, into: &buffer)) != nil else {
            return false
        }
        var reader = ByteReader(buffer.bytes)
        guard let code = try? reader.read(UInt8.self), let size = try? reader.read(UInt64.self) else {
            return false
        }
        return code == opcode.rawValue && length >= UInt64(Format.prefixSize)
            && size == length - UInt64(Format.prefixSize)
    }
}
