import ByteCoding

// Each `init(from:)` reads a record's content. Bytes after the fields are ignored: the format may add
// fields at the end of a record.

extension ByteReader {
    /// A text after its length; bytes that are not UTF-8 are repaired.
    @_lifetime(self: copy self)
    mutating func readText() throws(ByteCodingError) -> String {
        let span = try readBytes(Int(try read(UInt32.self)))
        return span.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// The end of an array or map that begins here with its length in bytes.
    @_lifetime(self: copy self)
    mutating func readEnd() throws(ByteCodingError) -> Int {
        let length = Int(try read(UInt32.self))
        try require(length)
        return position + length
    }

    @_lifetime(self: copy self)
    mutating func readTextMap() throws(ByteCodingError) -> TextMap {
        let end = try readEnd()
        var map = TextMap()
        while position < end {
            map.entries.append(.init(key: try readText(), value: try readText()))
        }
        try requireEnd(end)
        return map
    }

    /// Throws if entries exceed their stated end.
    func requireEnd(_ end: Int) throws(ByteCodingError) {
        guard position == end else {
            throw .truncated(offset: position, needed: position - end, available: 0)
        }
    }

    @_lifetime(self: copy self)
    mutating func readByteArray(_ length: UInt64) throws(ByteCodingError) -> [UInt8] {
        let span = try readBytes(Int(clamping: length))
        return span.withUnsafeBytes { Array($0) }
    }
}

extension Header {
    init(from reader: inout ByteReader) throws(ByteCodingError) {
        profile = try reader.readText()
        library = try reader.readText()
    }
}

extension Footer {
    init(from reader: inout ByteReader) throws(ByteCodingError) {
        summaryStart = try reader.read(UInt64.self)
        summaryOffsetStart = try reader.read(UInt64.self)
        summaryCRC = try reader.read(UInt32.self)
    }
}

extension Schema {
    init(from reader: inout ByteReader) throws(ByteCodingError) {
        id = try reader.read(UInt16.self)
        name = try reader.readText()
        encoding = try reader.readText()
        data = try reader.readByteArray(UInt64(try reader.read(UInt32.self)))
    }
}

extension Channel {
    init(from reader: inout ByteReader) throws(ByteCodingError) {
        id = try reader.read(UInt16.self)
        schemaID = try reader.read(UInt16.self)
        topic = try reader.readText()
        messageEncoding = try reader.readText()
        metadata = try reader.readTextMap()
    }
}

extension MessageHeader {
    init(from reader: inout ByteReader) throws(ByteCodingError) {
        channelID = try reader.read(UInt16.self)
        sequence = try reader.read(UInt32.self)
        logTime = try reader.read(UInt64.self)
        publishTime = try reader.read(UInt64.self)
    }
}

extension ChunkHeader {
    /// Reads the fields before the stored records and leaves `reader` at their first byte.
    init(from reader: inout ByteReader) throws(ByteCodingError) {
        startTime = try reader.read(UInt64.self)
        endTime = try reader.read(UInt64.self)
        uncompressedSize = try reader.read(UInt64.self)
        uncompressedCRC = try reader.read(UInt32.self)
        compression = try reader.readText()
        storedSize = try reader.read(UInt64.self)
    }
}

extension MessageIndex {
    init(from reader: inout ByteReader) throws(ByteCodingError) {
        channelID = try reader.read(UInt16.self)
        let end = try reader.readEnd()
        entries = []
        entries.reserveCapacity((end - reader.position) / 16)
        while reader.position < end {
            entries.append(
                Entry(logTime: try reader.read(UInt64.self), offset: try reader.read(UInt64.self))
            )
        }
        try reader.requireEnd(end)
    }

    /// Whether the record can be read, without making its entries: most records are skipped.
    static func isWhole(_ content: RawSpan) -> Bool {
        var reader = ByteReader(content)
        guard (try? reader.skip(2)) != nil, let end = try? reader.readEnd() else { return false }
        return (end - reader.position) % 16 == 0
    }
}

extension ChunkIndex {
    init(from reader: inout ByteReader) throws(ByteCodingError) {
        startTime = try reader.read(UInt64.self)
        endTime = try reader.read(UInt64.self)
        chunkOffset = try reader.read(UInt64.self)
        chunkLength = try reader.read(UInt64.self)
        let end = try reader.readEnd()
        messageIndexOffsets = []
        while reader.position < end {
            messageIndexOffsets.append(
                Entry(channelID: try reader.read(UInt16.self), offset: try reader.read(UInt64.self))
            )
        }
        try reader.requireEnd(end)
        messageIndexLength = try reader.read(UInt64.self)
        compression = try reader.readText()
        compressedSize = try reader.read(UInt64.self)
        uncompressedSize = try reader.read(UInt64.self)
    }
}

extension Attachment {
    /// Reads the fields before the checksum and leaves `reader` at it.
    init(from reader: inout ByteReader) throws(ByteCodingError) {
        logTime = try reader.read(UInt64.self)
        createTime = try reader.read(UInt64.self)
        name = try reader.readText()
        mediaType = try reader.readText()
        data = try reader.readByteArray(try reader.read(UInt64.self))
    }
}

extension AttachmentIndex {
    init(from reader: inout ByteReader) throws(ByteCodingError) {
        offset = try reader.read(UInt64.self)
        length = try reader.read(UInt64.self)
        logTime = try reader.read(UInt64.self)
        createTime = try reader.read(UInt64.self)
        dataSize = try reader.read(UInt64.self)
        name = try reader.readText()
        mediaType = try reader.readText()
    }
}

extension Statistics {
    init(from reader: inout ByteReader) throws(ByteCodingError) {
        messageCount = try reader.read(UInt64.self)
        schemaCount = try reader.read(UInt16.self)
        channelCount = try reader.read(UInt32.self)
        attachmentCount = try reader.read(UInt32.self)
        metadataCount = try reader.read(UInt32.self)
        chunkCount = try reader.read(UInt32.self)
        startTime = try reader.read(UInt64.self)
        endTime = try reader.read(UInt64.self)
        let end = try reader.readEnd()
        while reader.position < end {
            channelMessageCounts.append(
                Entry(channelID: try reader.read(UInt16.self), count: try reader.read(UInt64.self))
            )
        }
        try reader.requireEnd(end)
    }
}

extension Metadata {
    init(from reader: inout ByteReader) throws(ByteCodingError) {
        name = try reader.readText()
        values = try reader.readTextMap()
    }
}

extension MetadataIndex {
    init(from reader: inout ByteReader) throws(ByteCodingError) {
        offset = try reader.read(UInt64.self)
        length = try reader.read(UInt64.self)
        name = try reader.readText()
    }
}

extension SummaryOffset {
    init(from reader: inout ByteReader) throws(ByteCodingError) {
        opcode = try reader.read(UInt8.self)
        start = try reader.read(UInt64.self)
        length = try reader.read(UInt64.self)
    }
}

extension DataEnd {
    init(from reader: inout ByteReader) throws(ByteCodingError) {
        dataSectionCRC = try reader.read(UInt32.self)
    }
}
