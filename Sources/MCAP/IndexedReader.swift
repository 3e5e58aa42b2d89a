public import ByteCoding

/// Reads messages of a time span and of chosen channels through a file's index: only the chunks that
/// can hold them are read.
///
/// In order of time, messages of equal times come in the order of the file; where chunks overlap in time
/// they are held together, up to ``ReaderLimits/overlap``. Otherwise one chunk is in memory.
public final class IndexedReader {
    /// The order of messages.
    public enum Order: Equatable, Sendable {
        /// As they lie in the file.
        case file
        /// By log time, then as they lie in the file.
        case logTime
    }

    /// The file's index.
    public let summary: Summary
    /// The current message.
    public private(set) var message = MessageHeader(channelID: 0, sequence: 0, logTime: 0, publishTime: 0)
    /// Chunks that could not be read.
    public private(set) var losses: [Loss] = []
    /// How many chunks were read.
    public private(set) var chunksRead = 0
    /// How many chunks were taken up, those that could not be read included.
    public var chunksTaken: Int { nextPending }

    private let file: FileReader
    private let limits: ReaderLimits
    private let span: Range<UInt64>
    private let order: Order
    private let isWanted: [Bool]
    private var pending: [ChunkIndex]
    private var nextPending = 0
    private var active: [LoadedChunk] = []
    private var spare: [LoadedChunk] = []
    private var current: LoadedChunk?
    private var stored = ByteBuffer()

    /// A chunk in memory and what is wanted of it, in order.
    private final class LoadedChunk {
        let contents = ChunkContents()
        var places: [(time: UInt64, offset: Int)] = []
        var next = 0
        var offset: UInt64 = 0
        var head: UInt64 { places[next].time }
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

    /// The channel of this number.
    public func channel(_ id: UInt16) -> Channel? { summary.channels.first { $0.id == id } }

    /// The current message's bytes; valid until the next call of ``next()``.
    public var data: RawSpan {
        @_lifetime(borrow self)
        get {
            guard let current else { return _overrideLifetime(RawSpan(), borrowing: self) }
            let start = current.places[current.next - 1].offset + Format.prefixSize
            let base = current.contents.buffer.unsafeBase
            // Safe: ChunkContents walked these lengths.
            let size = (base + current.places[current.next - 1].offset + 1).loadUnaligned(as: UInt64.self)
            let count = Int(UInt64(littleEndian: size)) - Format.messageHeaderSize
            let span = RawSpan(_unsafeStart: base + start + Format.messageHeaderSize, byteCount: count)
            return _overrideLifetime(span, borrowing: self)
        }
    }

    /// Moves to the next message; false behind the last.
    public func next() throws(MCAPError) -> Bool {
        retire()
        while true {
            if nextPending < pending.count, mustLoad {
                try loadNext()
                continue
            }
            guard let chunk = earliest else { return false }
            take(chunk)
            return true
        }
    }

    private func retire() {
        guard let done = current, done.next == done.places.count else { return }
        active.removeAll { $0 === done }
        done.contents.clear()
        spare.append(done)
        current = nil
    }

    /// Whether the next chunk can hold a message that comes before those at hand.
    private var mustLoad: Bool {
        guard let head = earliest else { return true }
        return order == .logTime && pending[nextPending].startTime <= head.head
    }

    private var earliest: LoadedChunk? {
        var best: LoadedChunk?
        for chunk in active where chunk.next < chunk.places.count {
            guard let found = best else {
                best = chunk
                continue
            }
            if order == .logTime, (chunk.head, chunk.offset) < (found.head, found.offset) { best = chunk }
        }
        return best
    }

    private func take(_ chunk: LoadedChunk) {
        let offset = chunk.places[chunk.next].offset
        chunk.next += 1
        current = chunk
        let bytes = RawSpan(
            _unsafeStart: chunk.contents.buffer.unsafeBase,
            byteCount: chunk.contents.buffer.count
        )
        message = StreamReader.messageHeader(bytes, at: offset + Format.prefixSize)
    }

    private func loadNext() throws(MCAPError) {
        let index = pending[nextPending]
        nextPending += 1
        let held = active.reduce(UInt64(0)) { $0 + UInt64($1.contents.buffer.count) }
        guard index.uncompressedSize <= UInt64(limits.overlap),
            held <= UInt64(limits.overlap) - index.uncompressedSize
        else {
            throw .overLimit(
                name: file.path,
                offset: index.chunkOffset,
                what: "chunks that overlap in time",
                size: held &+ index.uncompressedSize,
                limit: limits.overlap
            )
        }
        let chunk = spare.popLast() ?? LoadedChunk()
        do throws(ChunkContents.Problem) {
            try load(index, into: chunk)
        } catch {
            lose(index, error.reason)
            spare.append(chunk)
            return
        }
        chunksRead += 1
        list(chunk)
        chunk.offset = index.chunkOffset
        if chunk.places.isEmpty {
            spare.append(chunk)
        } else {
            active.append(chunk)
        }
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
        chunk.places.removeAll(keepingCapacity: true)
        chunk.next = 0
        let bytes = RawSpan(
            _unsafeStart: chunk.contents.buffer.unsafeBase,
            byteCount: chunk.contents.buffer.count
        )
        var position = 0
        var isSorted = true
        var last: UInt64 = 0
        while position < bytes.byteCount {
            // Safe: ChunkContents walked these lengths.
            let code = bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
            let size = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position + 1, as: UInt64.self)
            if code == Opcode.message.rawValue {
                let header = StreamReader.messageHeader(bytes, at: position + Format.prefixSize)
                if isWanted[Int(header.channelID)], header.logTime >= span.lowerBound,
                    isBeforeEnd(header.logTime)
                {
                    isSorted = isSorted && header.logTime >= last
                    last = header.logTime
                    chunk.places.append((header.logTime, position))
                }
            }
            position += Format.prefixSize + Int(UInt64(littleEndian: size))
        }
        if order == .logTime, !isSorted { chunk.places.sort { $0 < $1 } }
    }
}
