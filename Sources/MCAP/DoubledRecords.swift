import ByteCoding

/// Finds attachments and metadata records that damage doubled, as far as the file proves it.
///
/// Writers may well write equal metadata twice. A repeat is therefore damage only if the summary counts
/// fewer records than the file has, or if a chunk or message beside it is repeated too, at the same
/// distance.
struct DoubledRecords {
    /// Represents a record's bytes; whoever drops a record compares the bytes themselves.
    private struct Key: Hashable {
        var length: Int
        var crc: UInt32
        /// A chunk's times, a message's log time.
        var start: UInt64 = 0
        var end: UInt64 = 0
    }

    private struct Entry {
        var code: UInt8
        var offset: UInt64
        /// The end of it and of what follows that is neither an entry nor a message.
        var end: UInt64
        var key: Key
        var isExtra: Bool { code != Opcode.chunk.rawValue }
    }

    /// An attachment or metadata record with the message beside it.
    private struct Neighbours: Hashable {
        var key: Key
        var message: Key
        var isBefore: Bool
    }

    /// What the summary says of a kind of record.
    private struct Stated {
        var count: UInt64?
        /// Offsets at which indexes name existing records.
        var positions: Set<UInt64> = []
        var indexes: UInt64 = 0

        /// The greater of both counts, which keeps more.
        var least: UInt64? { indexes > 0 ? max(indexes, count ?? 0) : count }
    }

    /// Whether the end of the file is complete and the summary's checksum is right.
    var isSummarySound = false

    /// Chunks, attachments and metadata records, in the order of the file.
    private var entries: [Entry] = []
    /// The last entry of each key so far.
    private var lasts: [Key: Int] = [:]
    /// Indexes in `entries` of attachments and metadata records equal to an earlier one.
    private var repeats: [Int] = []
    private var pairs: [Neighbours: Int] = [:]
    /// Indexes in `entries` in a copied block, with the distance to its original.
    private var seeds: [(index: Int, distance: UInt64)] = []
    /// The last record, if it is a message, and its end.
    private var message: (key: Key, end: UInt64)?
    private var attachments = Stated()
    private var metadata = Stated()

    // MARK: - What the file holds

    /// Adds the next record of the data.
    mutating func add(_ code: UInt8, at offset: UInt64, _ record: RawSpan) {
        switch Opcode(rawValue: code) {
        case .chunk:
            let key = Self.chunkKey(record)
            if let last = lasts.updateValue(entries.count, forKey: key) {
                seeds.append((entries.count, offset - entries[last].offset))
            }
            append(code, offset, record, key)
            message = nil
        case .attachment, .metadata: addExtra(code, offset, record)
        case .message: addMessage(offset, record)
        default:
            if let last = entries.indices.last, message == nil, entries[last].end == offset {
                entries[last].end += UInt64(record.byteCount)
            }
            message = nil
        }
    }

    private mutating func append(_ code: UInt8, _ offset: UInt64, _ record: RawSpan, _ key: Key) {
        entries.append(Entry(code: code, offset: offset, end: offset + UInt64(record.byteCount), key: key))
    }

    private mutating func addExtra(_ code: UInt8, _ offset: UInt64, _ record: RawSpan) {
        let key = Key(length: record.byteCount, crc: CRC32.checksum(record))
        append(code, offset, record, key)
        let index = entries.count - 1
        if lasts.updateValue(index, forKey: key) != nil { repeats.append(index) }
        if let message, message.end == offset {
            pair(Neighbours(key: key, message: message.key, isBefore: true), index)
        }
        message = nil
    }

    private mutating func addMessage(_ offset: UInt64, _ record: RawSpan) {
        var reader = ByteReader(record.extracting(Format.prefixSize...))
        let time = (try? MessageHeader(from: &reader))?.logTime ?? 0
        let key = Key(length: record.byteCount, crc: CRC32.checksum(record), start: time)
        if let last = entries.last, last.isExtra, last.end == offset {
            pair(Neighbours(key: last.key, message: key, isBefore: false), entries.count - 1)
        }
        message = (key, offset + UInt64(record.byteCount))
    }

    private mutating func pair(_ neighbours: Neighbours, _ index: Int) {
        if let last = pairs.updateValue(index, forKey: neighbours) {
            seeds.append((index, entries[index].offset - entries[last].offset))
        }
    }

    private static func chunkKey(_ record: RawSpan) -> Key {
        var reader = ByteReader(record.extracting(Format.prefixSize...))
        guard let header = try? ChunkHeader(from: &reader), header.uncompressedCRC != 0 else {
            return Key(length: record.byteCount, crc: CRC32.checksum(record))
        }
        return Key(
            length: record.byteCount,
            crc: header.uncompressedCRC,
            start: header.startTime,
            end: header.endTime
        )
    }

    // MARK: - What the summary says

    /// Adds the statistics' counts.
    mutating func add(_ statistics: Statistics) {
        attachments.count = UInt64(statistics.attachmentCount)
        metadata.count = UInt64(statistics.metadataCount)
    }

    /// Adds an attachment's index, whose offset may be right or wrong.
    mutating func addAttachmentIndex(_ offset: UInt64, isThere: Bool) {
        attachments.indexes += 1
        if isThere { attachments.positions.insert(offset) }
    }

    /// Adds a metadata record's index, whose offset may be right or wrong.
    mutating func addMetadataIndex(_ offset: UInt64, isThere: Bool) {
        metadata.indexes += 1
        if isThere { metadata.positions.insert(offset) }
    }

    // MARK: - What is doubled

    /// Offsets of the surplus attachments and metadata records.
    var offsets: Set<UInt64> {
        var found = copied
        guard isSummarySound else { return found }
        for (code, stated) in [(Opcode.attachment, attachments), (.metadata, metadata)] {
            guard let count = stated.least else { continue }
            let own = entries.filter { $0.code == code.rawValue }
            let more = own.count - own.count { found.contains($0.offset) } - Int(clamping: count)
            // Records before the first copy are at the indexed offsets: the first that is not is the copy.
            let surplus = repeats.map { entries[$0] }.filter { entry in
                entry.code == code.rawValue && !found.contains(entry.offset)
                    && !stated.positions.contains(entry.offset)
            }
            found.formUnion(surplus.prefix(max(0, more)).map(\.offset))
        }
        return found
    }

    /// Offsets of those in copied blocks.
    private var copied: Set<UInt64> {
        var runs: [UInt64: Set<Int>] = [:]
        for (index, distance) in seeds {
            var run = index..<(index + 1)
            while run.upperBound < entries.count, isNext(run.upperBound), isCopy(run.upperBound, distance) {
                run = run.lowerBound..<run.upperBound + 1
            }
            while run.lowerBound > 0, isNext(run.lowerBound), isCopy(run.lowerBound - 1, distance) {
                run = run.lowerBound - 1..<run.upperBound
            }
            runs[distance, default: []].formUnion(run)
        }
        var found: Set<UInt64> = []
        for (distance, positions) in runs {
            var rest = positions.sorted()[...]
            while let first = rest.first {
                let count = rest.indices.prefix { rest[$0] - first == $0 - rest.startIndex }.count
                found.formUnion(copied(in: first..<first + count, distance))
                rest = rest.dropFirst(count)
            }
        }
        return found
    }

    /// Offsets of attachments and metadata records of a run at this distance after an equal one.
    ///
    /// A copy does not overlap its original: in a run longer than the distance, only whole copies count;
    /// the rest is equal by coincidence.
    private func copied(in run: Range<Int>, _ distance: UInt64) -> [UInt64] {
        let start = entries[run.lowerBound].offset
        let length = entries[run.upperBound - 1].end - start
        let limit = length < distance ? length : length / distance * distance
        return entries[run].filter { $0.isExtra && $0.offset + UInt64($0.key.length) <= start + limit }
            .map(\.offset)
    }

    /// Whether neither messages nor damage are between an entry and the one before it.
    private func isNext(_ index: Int) -> Bool { entries[index].offset == entries[index - 1].end }

    /// Whether an attachment or metadata record is at this distance after an equal one.
    private func isCopy(_ index: Int, _ distance: UInt64) -> Bool {
        let entry = entries[index]
        guard entry.isExtra, entry.offset >= distance else { return false }
        let wanted = entry.offset - distance
        var (low, high) = (0, index)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].offset < wanted { low = middle + 1 } else { high = middle }
        }
        return low < index && entries[low].offset == wanted && entries[low].key == entry.key
    }
}
