public import ByteCoding

/// Compares everything that a file states about itself with its content: checksums, indexes, counts,
/// offsets.
public struct FileCheck {
    /// One thing that is wrong.
    public struct Problem: Equatable, Sendable {
        /// Offset of the record concerned.
        public var offset: UInt64
        /// What is wrong with it.
        public var what: String
    }

    /// What is wrong, in the order it was found; at most 1,000 are kept.
    public private(set) var problems: [Problem] = []
    /// How many problems there were.
    public private(set) var problemCount = 0
    /// The first intact record of each schema, in the data or the summary.
    public private(set) var knownSchemas: [Schema] = []
    /// The first intact record of each channel, in the data or the summary.
    public private(set) var knownChannels: [Channel] = []

    let scanner: RecordScanner
    private let contents = ChunkContents()
    var actual = Statistics()
    var counts: [UInt16: UInt64] = [:]
    var channels: [UInt16: Channel] = [:]
    var schemas: [UInt16: Schema] = [:]
    var chunks: [ChunkIndex] = []
    /// Attachments and metadata records by offset.
    var attachments: [UInt64: AttachmentIndex] = [:]
    var metadata: [UInt64: MetadataIndex] = [:]
    var groups: [SummaryOffset] = []
    var chunkIndexCount = 0
    /// The messages of the last chunk that no message index has named yet.
    private var unindexed: [UInt16: [MessageIndex.Entry]] = [:]
    private var dataCRC = CRC32()
    var summaryCRC = CRC32()
    var summaryStart: UInt64?
    var offsetStart: UInt64 = 0
    private var lossCount = 0
    /// A sound chunk larger than the limit.
    private var overLimit: MCAPError?
    var isComplete = false
    /// Finds surplus attachments and metadata records.
    var doubled = DoubledRecords()

    /// Reads a whole file and compares.
    ///
    /// - Throws: ``MCAPError`` if it cannot be read or is no MCAP file.
    public init(
        checking input: ByteInput,
        limits: ReaderLimits = .init(),
        progress: (UInt64) -> Void = { _ in }
    ) throws(MCAPError) {
        scanner = RecordScanner(input, limits: limits)
        try checkMagic()
        while !isComplete, try scanner.next() {
            reportLosses()
            if scanner.startsFile { report(scanner.fileStart, "another MCAP file begins inside this one") }
            checkRecord()
            if let overLimit { throw overLimit }
            progress(scanner.offset)
        }
        if isComplete, let rest = try scanner.rest() { report(rest.offset, rest.reason) }
        reportLosses()
        closeChunk()
        if !isComplete { report(input.position, "the end of the file is missing") }
    }

    /// The problems as losses of no bytes and no messages, for files that could be read completely.
    public var losses: [Loss] {
        problems.map { Loss(offset: $0.offset, length: 0, messages: 0, reason: $0.what) }
    }

    mutating func report(_ offset: UInt64, _ what: String) {
        problemCount += 1
        if problems.count < 1_000 { problems.append(Problem(offset: offset, what: what)) }
    }

    mutating func report(_ what: String) { report(scanner.offset, what) }

    private mutating func reportLosses() {
        for loss in scanner.losses[lossCount...] {
            report(loss.offset, "\(loss.length) bytes: \(loss.reason)")
        }
        lossCount = scanner.losses.count
    }

    private mutating func checkMagic() throws(MCAPError) {
        let available = try scanner.fill(Format.magic.count)
        let found = scanner.bytes(at: 0, count: min(available, Format.magic.count))
        guard found == Format.magic else { throw .notMCAP(name: scanner.input.name, found: found) }
        dataCRC.update(found.span.bytes)
        scanner.input.consume(Format.magic.count)
    }

    private mutating func checkRecord() {
        let scanner = scanner
        let code = Opcode(rawValue: scanner.opcode)
        if code != .messageIndex { closeChunk() }
        if summaryStart == nil, code != .dataEnd {
            dataCRC.update(scanner.record)
            doubled.add(scanner.opcode, at: scanner.offset, scanner.record)
        }
        if summaryStart != nil { checkSummaryRecord(scanner.opcode) }
        var fields = ByteReader(scanner.content)
        do throws(ByteCodingError) {
            switch code {
            case .chunk: checkChunk()
            case .message: checkMessage(try MessageHeader(from: &fields), offset: 0)
            case .schema: checkSchema(try Schema(from: &fields))
            case .channel: checkChannel(try Channel(from: &fields))
            case .messageIndex: checkMessageIndex(try MessageIndex(from: &fields))
            case .attachment: checkAttachment(try Attachment(from: &fields), try fields.read(UInt32.self))
            case .metadata: checkMetadata(try Metadata(from: &fields))
            case .dataEnd: checkDataEnd(try DataEnd(from: &fields))
            case .chunkIndex: checkChunkIndex(try ChunkIndex(from: &fields))
            case .attachmentIndex: checkAttachmentIndex(try AttachmentIndex(from: &fields))
            case .metadataIndex: checkMetadataIndex(try MetadataIndex(from: &fields))
            case .statistics: checkStatistics(try Statistics(from: &fields))
            case .summaryOffset: checkSummaryOffset(try SummaryOffset(from: &fields))
            case .footer: checkFooter(try Footer(from: &fields))
            case .header, nil: break
            }
        } catch {
            report("\(RecordScanner.name(scanner.opcode)): \(error)")
        }
    }
}

// MARK: - The data

extension FileCheck {
    private mutating func checkChunk() {
        let scanner = scanner
        var reader = ByteReader(scanner.content)
        guard let header = try? ChunkHeader(from: &reader),
            let stored = try? reader.readBytes(Int(clamping: header.storedSize))
        else { return report("chunk whose fields do not fit its length") }
        actual.chunkCount += 1
        chunks.append(
            ChunkIndex(
                startTime: header.startTime,
                endTime: header.endTime,
                chunkOffset: scanner.offset,
                chunkLength: UInt64(Format.prefixSize + scanner.length),
                messageIndexOffsets: [],
                messageIndexLength: 0,
                compression: header.compression,
                compressedSize: header.storedSize,
                uncompressedSize: header.uncompressedSize
            )
        )
        do throws(ChunkContents.Problem) {
            try contents.load(header, stored: stored, limits: scanner.limits)
        } catch {
            if let size = error.sizeOverLimit {
                overLimit = scanner.overLimit("chunk", size, scanner.limits.chunk)
            }
            return report(error.reason)
        }
        let (first, last) = walkChunk()
        if first != header.startTime || last != header.endTime {
            report(
                "chunk says its times are \(header.startTime) to \(header.endTime), found \(first) to \(last)"
            )
        }
    }

    private mutating func walkChunk() -> (UInt64, UInt64) {
        let contents = contents
        let bytes = RawSpan(_unsafeStart: contents.buffer.unsafeBase, byteCount: contents.buffer.count)
        var reader = ByteReader(bytes)
        var times: (UInt64, UInt64)?
        while reader.remaining >= Format.prefixSize {
            let offset = reader.position
            guard let code = try? reader.read(UInt8.self), let size = try? reader.read(UInt64.self),
                let content = try? reader.readBytes(Int(clamping: size))
            else { break }
            var fields = ByteReader(content)
            switch Opcode(rawValue: code) {
            case .message:
                guard let header = try? MessageHeader(from: &fields) else { continue }
                checkMessage(header, offset: UInt64(offset))
                unindexed[header.channelID, default: []].append(
                    .init(logTime: header.logTime, offset: UInt64(offset))
                )
                times =
                    times.map { (min($0.0, header.logTime), max($0.1, header.logTime)) } ?? (
                        header.logTime, header.logTime
                    )
            case .schema: if let schema = try? Schema(from: &fields) { checkSchema(schema) }
            case .channel: if let channel = try? Channel(from: &fields) { checkChannel(channel) }
            default: break
            }
        }
        return times ?? (0, 0)
    }

    private mutating func checkMessage(_ header: MessageHeader, offset: UInt64) {
        if channels[header.channelID] == nil {
            report("message of channel \(header.channelID), not declared before it")
        }
        let isFirst = actual.messageCount == 0
        actual.startTime = isFirst ? header.logTime : min(actual.startTime, header.logTime)
        actual.endTime = isFirst ? header.logTime : max(actual.endTime, header.logTime)
        actual.messageCount += 1
        counts[header.channelID, default: 0] += 1
    }

    private mutating func checkSchema(_ schema: Schema) {
        if schema.id == 0 { return report("schema number 0") }
        if !knownSchemas.contains(where: { $0.id == schema.id }) { knownSchemas.append(schema) }
        if let known = schemas[schema.id] {
            if known != schema { report("schema \(schema.id) differs from its first record") }
        } else if summaryStart != nil {
            report("schema \(schema.id) is in the summary but not in the data")
        } else {
            schemas[schema.id] = schema
        }
    }

    private mutating func checkChannel(_ channel: Channel) {
        if let known = channels[channel.id] {
            if known != channel { report("channel \(channel.id) differs from its first record") }
            return
        }
        if !knownChannels.contains(where: { $0.id == channel.id }) { knownChannels.append(channel) }
        if summaryStart != nil {
            return report("channel \(channel.id) is in the summary but not in the data")
        }
        if channel.schemaID != 0, schemas[channel.schemaID] == nil {
            report("channel \(channel.id) names schema \(channel.schemaID), not declared before it")
        }
        channels[channel.id] = channel
    }

    private mutating func checkMessageIndex(_ index: MessageIndex) {
        guard let last = chunks.indices.last, summaryStart == nil else {
            return report("message index without a chunk")
        }
        chunks[last].messageIndexOffsets.append(.init(channelID: index.channelID, offset: scanner.offset))
        chunks[last].messageIndexLength += UInt64(Format.prefixSize + scanner.length)
        guard contents.buffer.count > 0 else { return }
        let found = unindexed.removeValue(forKey: index.channelID) ?? []
        if found != index.entries.sorted(by: { $0.offset < $1.offset }) {
            report("message index of channel \(index.channelID) does not match the chunk's messages")
        }
    }

    /// After a chunk's message indexes, every channel in it must have had one.
    private mutating func closeChunk() {
        if let last = chunks.last, !last.messageIndexOffsets.isEmpty {
            for id in unindexed.keys.sorted() {
                report(last.chunkOffset, "channel \(id) has no message index behind the chunk")
            }
        }
        unindexed.removeAll()
    }

    private mutating func checkAttachment(_ record: Attachment, _ crc: UInt32) {
        let scanner = scanner
        let content = scanner.content
        actual.attachmentCount += 1
        attachments[scanner.offset] = AttachmentIndex(
            offset: scanner.offset,
            length: UInt64(Format.prefixSize + scanner.length),
            logTime: record.logTime,
            createTime: record.createTime,
            dataSize: UInt64(record.data.count),
            name: record.name,
            mediaType: record.mediaType
        )
        let covered =
            16 + 4 + record.name.utf8.count + 4 + record.mediaType.utf8.count + 8 + record.data.count
        guard crc != 0, covered <= content.byteCount else { return }
        if CRC32.checksum(content.extracting(0..<covered)) != crc { report("attachment fails its CRC-32") }
    }

    private mutating func checkMetadata(_ record: Metadata) {
        actual.metadataCount += 1
        metadata[scanner.offset] = MetadataIndex(
            offset: scanner.offset,
            length: UInt64(Format.prefixSize + scanner.length),
            name: record.name
        )
    }

    private mutating func checkDataEnd(_ end: DataEnd) {
        if summaryStart != nil { return report("a second data end") }
        if end.dataSectionCRC != 0, end.dataSectionCRC != dataCRC.value {
            report("the data section fails its CRC-32")
        }
        summaryStart = scanner.offset + UInt64(Format.prefixSize + scanner.length)
    }
}
