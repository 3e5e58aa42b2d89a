public import ByteCoding

/// The index at the end of a file, read without reading the data.
public struct Summary: Equatable, Sendable {
    /// The file's header.
    public var header = Header()
    /// Schemas.
    public var schemas: [Schema] = []
    /// Channels.
    public var channels: [Channel] = []
    /// Offset of the first byte after the data.
    public private(set) var offset: UInt64 = 0
    /// Counts, if the file has them.
    public var statistics: Statistics?
    /// Chunks, in order of the records.
    public var chunkIndexes: [ChunkIndex] = []
    /// Attachments, in order of the records.
    public var attachmentIndexes: [AttachmentIndex] = []
    /// Metadata records, in order of the records.
    public var metadataIndexes: [MetadataIndex] = []

    /// Reads the summary; its CRC-32 must be right if there is one.
    /// - Throws: ``MCAPError/noIndex(name:reason:)`` for a torn file or one without a summary,
    ///   ``MCAPError/damaged(name:offset:what:)`` for a damaged one, ``MCAPError`` for others.
    public init(_ file: FileReader, limits: ReaderLimits = .init()) throws(MCAPError) {
        let footer = try Self.footer(file)
        guard footer.summaryStart > 0 else {
            throw .noIndex(name: file.path, reason: "the file has no summary")
        }
        let tail = file.size - UInt64(Format.tailSize)
        guard footer.summaryStart >= UInt64(Format.magic.count), footer.summaryStart <= tail else {
            throw .damaged(
                name: file.path,
                offset: tail,
                what: "the footer places the summary at byte \(footer.summaryStart)"
            )
        }
        offset = footer.summaryStart
        let size = tail - footer.summaryStart
        guard size <= UInt64(limits.summary) else {
            throw .overLimit(
                name: file.path,
                offset: footer.summaryStart,
                what: "summary",
                size: size,
                limit: limits.summary
            )
        }
        var buffer = GrowableBytes(capacity: Int(size) + Format.tailSize)
        try Self.read(file, at: footer.summaryStart, count: Int(size) + Format.prefixSize + 16, into: &buffer)
        if footer.summaryCRC != 0, CRC32.checksum(buffer.bytes) != footer.summaryCRC {
            throw .damaged(name: file.path, offset: footer.summaryStart, what: "the summary fails its CRC-32")
        }
        do {
            try parse(buffer.bytes.extracting(0..<Int(size)), footer)
        } catch {
            throw .damaged(name: file.path, offset: footer.summaryStart, what: "summary: \(error)")
        }
        header = try Self.header(file)
    }

    /// Reads the first metadata record of a name; nil if there is none or it cannot be read.
    public func metadata(named name: String, in file: FileReader, limits: ReaderLimits = .init()) -> Metadata?
    {
        guard let index = metadataIndexes.first(where: { $0.name == name }),
            index.length > UInt64(Format.prefixSize), index.length <= UInt64(limits.record)
        else { return nil }
        var buffer = GrowableBytes()
        guard (try? file.read(at: index.offset, count: Int(index.length), appendingTo: &buffer)) != nil else {
            return nil
        }
        var reader = ByteReader(buffer.bytes)
        guard (try? reader.read(UInt8.self)) == Opcode.metadata.rawValue, (try? reader.skip(8)) != nil else {
            return nil
        }
        return try? Metadata(from: &reader)
    }

    mutating func parse(_ bytes: RawSpan, _ footer: Footer) throws(ByteCodingError) {
        var reader = ByteReader(bytes)
        while reader.remaining >= Format.prefixSize {
            let code = try reader.read(UInt8.self)
            let content = try reader.readBytes(Int(clamping: try reader.read(UInt64.self)))
            var fields = ByteReader(content)
            switch Opcode(rawValue: code) {
            case .schema: schemas.append(try Schema(from: &fields))
            case .channel: channels.append(try Channel(from: &fields))
            case .statistics: statistics = try Statistics(from: &fields)
            case .chunkIndex: chunkIndexes.append(try ChunkIndex(from: &fields))
            case .attachmentIndex: attachmentIndexes.append(try AttachmentIndex(from: &fields))
            case .metadataIndex: metadataIndexes.append(try MetadataIndex(from: &fields))
            default: break
            }
        }
    }

    static func footer(_ file: FileReader) throws(MCAPError) -> Footer {
        var head = GrowableBytes()
        let count = Int(min(file.size, UInt64(Format.magic.count)))
        try read(file, at: 0, count: count, into: &head)
        let found = head.bytes.withUnsafeBytes { Array($0) }
        guard found == Format.magic else { throw .notMCAP(name: file.path, found: found) }
        guard file.size >= UInt64(Format.magic.count + Format.tailSize) else {
            throw .noIndex(name: file.path, reason: "the end of the file is missing")
        }
        var tail = GrowableBytes()
        try read(file, at: file.size - UInt64(Format.tailSize), count: Format.tailSize, into: &tail)
        var reader = ByteReader(tail.bytes)
        do {
            let code = try reader.read(UInt8.self)
            let size = try reader.read(UInt64.self)
            let footer = try Footer(from: &reader)
            let magic = try reader.readBytes(Format.magic.count).withUnsafeBytes { Array($0) }
            if code == Opcode.footer.rawValue, size == UInt64(Format.footerSize), magic == Format.magic {
                return footer
            }
        } catch {
            throw .file(error)
        }
        throw .noIndex(name: file.path, reason: "the end of the file is missing")
    }

    private static func header(_ file: FileReader) throws(MCAPError) -> Header {
        var buffer = GrowableBytes()
        let start = UInt64(Format.magic.count)
        try read(file, at: start, count: Int(min(file.size - start, 64 << 10)), into: &buffer)
        var reader = ByteReader(buffer.bytes)
        guard let code = try? reader.read(UInt8.self), code == Opcode.header.rawValue,
            (try? reader.skip(8)) != nil, let header = try? Header(from: &reader)
        else { return Header() }
        return header
    }

    static func read(
        _ file: FileReader,
        at offset: UInt64,
        count: Int,
        into buffer: inout GrowableBytes
    ) throws(MCAPError) {
        do {
            try file.read(at: offset, count: count, appendingTo: &buffer)
        } catch {
            throw .file(error)
        }
    }
}
