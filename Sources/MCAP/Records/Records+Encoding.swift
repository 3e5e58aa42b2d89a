import ByteCoding

// Each `append(to:)` writes a whole record: opcode, length, content.

extension GrowableBytes {
    /// Writes opcode and length around what `content` appends.
    mutating func appendRecord(_ opcode: Opcode, _ content: (inout GrowableBytes) -> Void) {
        append(opcode.rawValue)
        let lengthAt = count
        append(UInt64(0))
        let start = count
        content(&self)
        overwrite(UInt64(count - start), at: lengthAt)
    }

    mutating func append(text: String) {
        append(UInt32(truncatingIfNeeded: text.utf8.count))
        append(utf8: text)
    }

    /// Writes the length in bytes before what `content` appends.
    mutating func appendSized(_ content: (inout GrowableBytes) -> Void) {
        let lengthAt = count
        append(UInt32(0))
        let start = count
        content(&self)
        overwrite(UInt32(truncatingIfNeeded: count - start), at: lengthAt)
    }

    mutating func append(map: TextMap) {
        appendSized { buffer in
            for entry in map.entries {
                buffer.append(text: entry.key)
                buffer.append(text: entry.value)
            }
        }
    }
}

extension Header {
    func append(to buffer: inout GrowableBytes) {
        buffer.appendRecord(.header) {
            $0.append(text: profile)
            $0.append(text: library)
        }
    }
}

extension Footer {
    /// The record up to its checksum, which covers these bytes.
    func appendBeforeCRC(to buffer: inout GrowableBytes) {
        buffer.append(Opcode.footer.rawValue)
        buffer.append(UInt64(Format.footerSize))
        buffer.append(summaryStart)
        buffer.append(summaryOffsetStart)
    }
}

extension Schema {
    func append(to buffer: inout GrowableBytes) {
        buffer.appendRecord(.schema) {
            $0.append(id)
            $0.append(text: name)
            $0.append(text: encoding)
            $0.append(UInt32(truncatingIfNeeded: data.count))
            $0.append(data)
        }
    }
}

extension Channel {
    func append(to buffer: inout GrowableBytes) {
        buffer.appendRecord(.channel) {
            $0.append(id)
            $0.append(schemaID)
            $0.append(text: topic)
            $0.append(text: messageEncoding)
            $0.append(map: metadata)
        }
    }
}

extension MessageHeader {
    /// One capacity check for the whole record, as this runs for every message.
    func append(to buffer: inout GrowableBytes, data: RawSpan) {
        let size = Format.messageHeaderSize + data.byteCount
        buffer.append(upTo: Format.prefixSize + size) { room in
            guard let base = room.baseAddress else { return 0 }
            base.storeBytes(of: Opcode.message.rawValue, as: UInt8.self)
            (base + 1).storeBytes(of: UInt64(size).littleEndian, as: UInt64.self)
            (base + 9).storeBytes(of: channelID.littleEndian, as: UInt16.self)
            (base + 11).storeBytes(of: sequence.littleEndian, as: UInt32.self)
            (base + 15).storeBytes(of: logTime.littleEndian, as: UInt64.self)
            (base + 23).storeBytes(of: publishTime.littleEndian, as: UInt64.self)
            data.withUnsafeBytes { source in
                if let from = source.baseAddress {
                    (base + 31).copyMemory(from: from, byteCount: source.count)
                }
            }
            return Format.prefixSize + size
        }
    }
}

extension ChunkHeader {
    /// The record up to its stored bytes, which follow.
    func append(to buffer: inout GrowableBytes) {
        let content = 8 + 8 + 8 + 4 + 4 + compression.utf8.count + 8
        buffer.append(Opcode.chunk.rawValue)
        buffer.append(UInt64(content) + storedSize)
        buffer.append(startTime)
        buffer.append(endTime)
        buffer.append(uncompressedSize)
        buffer.append(uncompressedCRC)
        buffer.append(text: compression)
        buffer.append(storedSize)
    }
}

extension MessageIndex {
    func append(to buffer: inout GrowableBytes) {
        buffer.appendRecord(.messageIndex) { buffer in
            buffer.append(channelID)
            buffer.appendSized { buffer in
                for entry in entries {
                    buffer.append(entry.logTime)
                    buffer.append(entry.offset)
                }
            }
        }
    }
}

extension ChunkIndex {
    func append(to buffer: inout GrowableBytes) {
        buffer.appendRecord(.chunkIndex) { buffer in
            buffer.append(startTime)
            buffer.append(endTime)
            buffer.append(chunkOffset)
            buffer.append(chunkLength)
            buffer.appendSized { buffer in
                for entry in messageIndexOffsets {
                    buffer.append(entry.channelID)
                    buffer.append(entry.offset)
                }
            }
            buffer.append(messageIndexLength)
            buffer.append(text: compression)
            buffer.append(compressedSize)
            buffer.append(uncompressedSize)
        }
    }
}

extension Attachment {
    /// With `checksummed` the CRC-32 of the content, else 0.
    func append(to buffer: inout GrowableBytes, checksummed: Bool) {
        buffer.appendRecord(.attachment) { buffer in
            let start = buffer.count
            buffer.append(logTime)
            buffer.append(createTime)
            buffer.append(text: name)
            buffer.append(text: mediaType)
            buffer.append(UInt64(data.count))
            buffer.append(data)
            let crc = checksummed ? CRC32.checksum(buffer.bytes.extracting(start..<buffer.count)) : 0
            buffer.append(crc)
        }
    }
}

extension AttachmentIndex {
    func append(to buffer: inout GrowableBytes) {
        buffer.appendRecord(.attachmentIndex) {
            $0.append(offset)
            $0.append(length)
            $0.append(logTime)
            $0.append(createTime)
            $0.append(dataSize)
            $0.append(text: name)
            $0.append(text: mediaType)
        }
    }
}

extension Statistics {
    func append(to buffer: inout GrowableBytes) {
        buffer.appendRecord(.statistics) { buffer in
            buffer.append(messageCount)
            buffer.append(schemaCount)
            buffer.append(channelCount)
            buffer.append(attachmentCount)
            buffer.append(metadataCount)
            buffer.append(chunkCount)
            buffer.append(startTime)
            buffer.append(endTime)
            buffer.appendSized { buffer in
                for entry in channelMessageCounts {
                    buffer.append(entry.channelID)
                    buffer.append(entry.count)
                }
            }
        }
    }
}

extension Metadata {
    func append(to buffer: inout GrowableBytes) {
        buffer.appendRecord(.metadata) {
            $0.append(text: name)
            $0.append(map: values)
        }
    }
}

extension MetadataIndex {
    func append(to buffer: inout GrowableBytes) {
        buffer.appendRecord(.metadataIndex) {
            $0.append(offset)
            $0.append(length)
            $0.append(text: name)
        }
    }
}

extension SummaryOffset {
    func append(to buffer: inout GrowableBytes) {
        buffer.appendRecord(.summaryOffset) {
            $0.append(opcode)
            $0.append(start)
            $0.append(length)
        }
    }
}

extension DataEnd {
    func append(to buffer: inout GrowableBytes) {
        buffer.appendRecord(.dataEnd) { $0.append(dataSectionCRC) }
    }
}
