public import ByteCoding

/// Reads messages of a time span and of chosen channels through a file's index, and only the chunks that
/// can contain them.
///
/// Messages of equal times are in file order. Chunks that overlap in time are in memory together, up to
/// ``ReaderLimits/overlap``; otherwise one chunk is.
public final class IndexedReader {
    /// The order of messages.
    public enum Order: Equatable, Sendable {
        /// In file order.
        case file
        /// By log time, then in file order.
        case logTime
    }

    /// The file's index.
    public let summary: Summary
    /// The current message.
    public private(set) var message = MessageHeader(channelID: 0, sequence: 0, logTime: 0, publishTime: 0)
    /// Chunks that could not be read.
    public private(set) var losses: [Loss] = []
    /// The index of the current message among those of the given chunks, from 0, plus the messages before
    /// each chunk if these were given.
    public private(set) var messageIndex: UInt64 = 0
    /// How many chunks were read.
    public private(set) var chunksRead = 0
    /// The number of chunks begun, including unreadable ones.
    public var chunksTaken: Int { nextPending }

    private let file: FileReader
    private let limits: ReaderLimits
    private let span: Range<UInt64>
    private let order: Order
    private let isWanted: [Bool]
    private var pending: [ChunkIndex]
    /// The number of messages before each chunk, by its offset.
    private var firstIndexes: [UInt64: UInt64] = [:]
    private var hasContradicted = false
    private var nextPending = 0
    private var active: [LoadedChunk] = []
    private var spare: [LoadedChunk] = []
    private var current: LoadedChunk?
    private var stored = GrowableBytes()

    /// A chunk in memory and the messages wanted of it, in order.
    private final class LoadedChunk {
        let contents = ChunkContents()
        /// Indexes of the wanted messages among the chunk's headers.
        var indexes: [UInt32] = []
        /// The index of each among the chunk's messages.
        var numbers: [UInt32] = []
        var first: UInt64 = 0
        var next = 0
        var offset: UInt64 = 0
        var time: UInt64 { head(indexes[next]).message.logTime }
        /// Memory held for it.
        var size: UInt64 {
            UInt64(contents.buffer.count + contents.heads.count + indexes.count * MemoryLayout<UInt32>.stride)
        }

        /// The channel declared at a header that is not a message's; nil for a schema.
        func channel(at head: RecordHeader) -> Channel? {
            let base = contents.buffer.unsafeBase + Int(head.start)
            // Safe: the walk found the header's opcode, length and content within the chunk.
            let code = (base - Format.prefixSize).load(as: UInt8.self)
            let size = (base - MemoryLayout<UInt64>.size).loadUnaligned(as: UInt64.self)
            guard code == Opcode.channel.rawValue else { return nil }
            let content = RawSpan(_unsafeStart: base, byteCount: Int(UInt64(littleEndian: size)))
            var reader = ByteReader(content)
            return try? Channel(from: &reader)
        }

        func head(_ position: UInt32) -> RecordHeader {
            // Safe: `list` found the index among the headers.
            contents.heads.unsafeBase.load(
                fromByteOffset: Int(position) * MemoryLayout<RecordHeader>.stride,
                as: RecordHeader.self
            )
        }
    }

    /// Opens a file by its index.
    ///
    /// - Parameters:
    ///   - file: the file.
    ///   - times: log times wanted, the end excluded.
    ///   - order: the order of messages.
    ///   - limits: the largest things taken into memory.
    ///   - isWanted: which channels are wanted.
    /// - Throws: ``MCAPError`` as ``Summary/init(_:limits:)`` does, and for a file whose chunks are not indexed.
    public init(
        _ file: FileReader,
        times: Range<UInt64> = 0..<UInt64.max,
        order: Order = .logTime,
        limits: ReaderLimits = .init(),
        isWanted: (Channel) -> Bool = { _ in true }
    ) throws(MCAPError) {
        self.file = file
        self.limits = limits
        self.order = order
        span = times
        summary = try Summary(file, limits: limits)
        guard !summary.chunkIndexes.isEmpty || summary.statistics?.messageCount == 0 else {
            throw .noIndex(name: file.path, reason: "its messages are not in indexed chunks")
        }
        var wanted = [Bool](repeating: false, count: 1 << 16)
        for channel in summary.channels where isWanted(channel) { wanted[Int(channel.id)] = true }
        self.isWanted = wanted
        let chosen = summary.chunkIndexes.filter { index in
            (index.startTime < times.upperBound || times.upperBound == .max)
                && index.endTime >= times.lowerBound
                && (index.messageIndexOffsets.isEmpty
                    || index.messageIndexOffsets.contains { wanted[Int($0.channelID)] })
        }
        pending = chosen.sorted { left, right in
            order == .file || left.startTime == right.startTime
                ? left.chunkOffset < right.chunkOffset : left.startTime < right.startTime
        }
    }

    /// Reads all messages of the given chunks of a file, in that order.
    public init(_ file: FileReader, summary: Summary, chunks: [ChunkIndex], limits: ReaderLimits = .init()) {
        self.file = file
        self.summary = summary
        self.limits = limits
        order = .file
        span = 0..<UInt64.max
        var wanted = [Bool](repeating: false, count: 1 << 16)
        for channel in summary.channels { wanted[Int(channel.id)] = true }
        isWanted = wanted
        pending = chunks
    }

    /// Reads messages of a time span and of chosen channels of the given chunks, by log time, then in file
    /// order.
    /// - Parameters:
    ///   - file: the file.
    ///   - summary: its index.
    ///   - chunks: the chunks that can hold them, each with the number of messages before it.
    ///   - times: log times wanted, the end excluded unless it is the greatest time.
    ///   - limits: the largest things taken into memory.
    ///   - isWanted: which channels are wanted, by number.
    public init(
        _ file: FileReader,
        summary: Summary,
        chunks: [(index: ChunkIndex, messagesBefore: UInt64)],
        times: Range<UInt64>,
        limits: ReaderLimits = .init(),
        isWanted: [Bool]?
    ) {
        self.file = file
        self.summary = summary
        self.limits = limits
        order = .logTime
        span = times
        self.isWanted = isWanted ?? [Bool](repeating: true, count: 1 << 16)
        pending = chunks.map(\.index).sorted {
            ($0.startTime, $0.chunkOffset) < ($1.startTime, $1.chunkOffset)
        }
        for chunk in chunks { firstIndexes[chunk.index.chunkOffset] = chunk.messagesBefore }
    }

    /// The channel of this number.
    public func channel(_ id: UInt16) -> Channel? { summary.channels.first { $0.id == id } }

    /// The current message's bytes; valid until the next call of ``next()``.
    public var data: RawSpan {
        @_lifetime(borrow self)
        get {
            guard let current else { return _overrideLifetime(RawSpan(), borrowing: self) }
            let head = current.head(current.indexes[current.next - 1])
            // Safe: the walk found the whole record within the chunk.
            let start = current.contents.buffer.unsafeBase + Int(head.start)
            let span = RawSpan(_unsafeStart: start, byteCount: Int(head.dataCount))
            return _overrideLifetime(span, borrowing: self)
        }
    }

    /// Moves to the next message; returns false after the last.
    public func next() throws(MCAPError) -> Bool {
        retire()
        while true {
            if nextPending < pending.count, mustLoad {
                try loadNext()
                continue
            }
            guard let chunk = earliest else { return false }
            beginReading(chunk)
            return true
        }
    }

    private func retire() {
        guard let done = current, done.next == done.indexes.count else { return }
        active.removeAll { $0 === done }
        done.contents.clear()
        spare.append(done)
        current = nil
    }

    /// Whether the next chunk can contain a message before the current ones.
    private var mustLoad: Bool {
        guard let head = earliest else { return true }
        return order == .logTime && pending[nextPending].startTime <= head.time
    }

    private var earliest: LoadedChunk? {
        var best: LoadedChunk?
        for chunk in active where chunk.next < chunk.indexes.count {
            guard let found = best else {
                best = chunk
                continue
            }
            if order == .logTime, (chunk.time, chunk.offset) < (found.time, found.offset) { best = chunk }
        }
        return best
    }

    private func beginReading(_ chunk: LoadedChunk) {
        message = chunk.head(chunk.indexes[chunk.next]).message
        messageIndex = chunk.first + UInt64(chunk.numbers[chunk.next])
        chunk.next += 1
        current = chunk
    }

    private func loadNext() throws(MCAPError) {
        let index = pending[nextPending]
        nextPending += 1
        let held = active.reduce(UInt64(0)) { $0 + $1.size }
        // Before it is expanded, and again when it is known how many records it has.
        try checkOverlap(held, and: index.uncompressedSize, index)
        let chunk = spare.popLast() ?? LoadedChunk()
        do throws(ChunkContents.Problem) {
            try load(index, into: chunk)
        } catch {
            if let size = error.sizeOverLimit {
                throw .overLimit(
                    name: file.path,
                    offset: index.chunkOffset,
                    what: "chunk",
                    size: size,
                    limit: limits.chunk
                )
            }
            lose(index, error.reason)
            spare.append(chunk)
            return
        }
        chunksRead += 1
        chunk.first = firstIndexes[index.chunkOffset] ?? 0
        chunk.offset = index.chunkOffset
        list(chunk)
        compare(chunk, with: index)
        try checkOverlap(held, and: chunk.size, index)
        if chunk.indexes.isEmpty {
            spare.append(chunk)
        } else {
            active.append(chunk)
        }
    }

    /// The chunks in memory and a further one must fit the limit.
    private func checkOverlap(_ held: UInt64, and size: UInt64, _ index: ChunkIndex) throws(MCAPError) {
        let limit = UInt64(limits.overlap)
        guard size > limit - min(held, limit) else { return }
        throw .overLimit(
            name: file.path,
            offset: index.chunkOffset,
            what: "chunks that overlap in time",
            size: held &+ size,
            limit: limits.overlap
        )
    }

    private func load(_ index: ChunkIndex, into chunk: LoadedChunk) throws(ChunkContents.Problem) {
        guard index.chunkLength >= 9, index.chunkLength - 9 <= UInt64(limits.record) else {
            throw ChunkContents.Problem(reason: "the index says \(index.chunkLength) bytes for the chunk")
        }
        stored.removeAll()
        do {
            try file.read(at: index.chunkOffset, count: Int(index.chunkLength), appendingTo: &stored)
        } catch {
            throw ChunkContents.Problem(reason: "\(error)")
        }
        var reader = ByteReader(RawSpan(_unsafeStart: stored.unsafeBase, byteCount: stored.count))
        guard let code = try? reader.read(UInt8.self), code == Opcode.chunk.rawValue,
            let length = try? reader.read(UInt64.self), length == index.chunkLength - 9,
            let header = try? ChunkHeader(from: &reader),
            let bytes = try? reader.readBytes(Int(clamping: header.storedSize))
        else { throw ChunkContents.Problem(reason: "no chunk where the index says one is") }
        try chunk.contents.load(header, stored: bytes, limits: limits)
    }

    private func lose(_ index: ChunkIndex, _ reason: String) {
        losses.append(
            Loss(
                offset: index.chunkOffset,
                length: index.chunkLength,
                startTime: index.startTime,
                endTime: index.endTime,
                reason: reason
            )
        )
    }

    /// The greatest time cannot be excluded by a range that ends at it.
    private func isBeforeEnd(_ time: UInt64) -> Bool { time < span.upperBound || span.upperBound == .max }

    /// Finds the wanted messages of a chunk.
    private func list(_ chunk: LoadedChunk) {
        chunk.indexes.removeAll(keepingCapacity: true)
        chunk.numbers.removeAll(keepingCapacity: true)
        chunk.next = 0
        var isSorted = true
        var (last, number) = (UInt64(0), UInt32(0))
        for position in 0..<UInt32(truncatingIfNeeded: chunk.contents.headCount) {
            let head = chunk.head(position)
            guard head.isMessage else { continue }
            defer { number += 1 }
            let time = head.message.logTime
            guard isWanted[Int(head.message.channelID)], time >= span.lowerBound, isBeforeEnd(time) else {
                continue
            }
            isSorted = isSorted && time >= last
            last = time
            chunk.indexes.append(position)
            chunk.numbers.append(number)
        }
        guard order == .logTime, !isSorted else { return }
        let order = chunk.indexes.indices.sorted { left, right in
            let (a, b) = (chunk.head(chunk.indexes[left]).message, chunk.head(chunk.indexes[right]).message)
            return (a.logTime, left) < (b.logTime, right)
        }
        chunk.indexes = order.map { chunk.indexes[$0] }
        chunk.numbers = order.map { chunk.numbers[$0] }
    }

    /// A chunk that differs from its index is reported once a file; the messages read are right all the
    /// same.
    private func compare(_ chunk: LoadedChunk, with index: ChunkIndex) {
        guard !hasContradicted else { return }
        for position in 0..<UInt32(truncatingIfNeeded: chunk.contents.headCount) {
            let head = chunk.head(position)
            let time = head.message.logTime
            if head.isMessage {
                guard time < index.startTime || time > index.endTime else { continue }
                contradict(
                    index,
                    "chunk says its times are \(index.startTime) to \(index.endTime), found \(time)"
                )
            } else if let channel = chunk.channel(at: head), !summary.channels.contains(channel) {
                contradict(index, "channel \(channel.id) is declared otherwise than in the summary")
            }
            if hasContradicted { return }
        }
    }

    private func contradict(_ index: ChunkIndex, _ reason: String) {
        hasContradicted = true
        losses.append(Loss(offset: index.chunkOffset, length: 0, messages: 0, reason: reason))
    }
}
