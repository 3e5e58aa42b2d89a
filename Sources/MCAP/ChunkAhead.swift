import ByteCoding
import Dispatch
import Glibc

/// Expands the chunk behind the one at hand on a thread of its own, while that one is read.
///
/// The reader takes it only where it finds the same stored bytes at the same place itself: a file that changes, and damage
/// that moves records, cost time, never messages. Memory: one chunk more, as stored and expanded.
final class ChunkAhead: @unchecked Sendable {
    private let file: FileReader
    private let limits: ReaderLimits
    private let isAsked = DispatchSemaphore(value: 0)
    private let isAnswered = DispatchSemaphore(value: 0)
    /// Whether an answer is due; the reader's alone.
    private var isBusy = false

    // The thread's from a question to its answer, otherwise the reader's: the semaphores pass them on.
    private var start: UInt64 = 0
    private var isOver = false
    private var record = GrowableBytes()
    private var found: (offset: UInt64, header: ChunkHeader, stored: Range<Int>)?
    private var contents = ChunkContents()

    /// So many records that are no chunk are passed over.
    private static let patience = 256

    /// Nil where the system gives no further thread.
    init?(_ file: FileReader, limits: ReaderLimits) {
        (self.file, self.limits) = (file, limits)
        do { try WorkerThread.start("chunks ahead") { [self] in answerForEver() } } catch { return nil }
    }

    // MARK: - The reader's side

    /// Begins to expand the first chunk at or behind an offset of the file.
    func ask(behind offset: UInt64) {
        guard !isBusy else { return }
        (start, isBusy) = (offset, true)
        isAsked.signal()
    }

    /// Exchanges contents for those of the chunk at an offset; false if that is not the one that was expanded.
    func exchange(
        _ contents: inout ChunkContents,
        at offset: UInt64,
        _ header: ChunkHeader,
        stored: RawSpan
    ) -> Bool {
        guard isBusy else { return false }
        isAnswered.wait()
        isBusy = false
        guard let found, found.offset == offset, found.header == header,
            found.stored.count == stored.byteCount,
            isEqual(stored, to: found.stored)
        else { return false }
        self.found = nil
        swap(&contents, &self.contents)
        return true
    }

    /// Ends the thread.
    func end() {
        if isBusy { isAnswered.wait() }
        (isBusy, isOver) = (false, true)
        isAsked.signal()
    }

    // MARK: - The thread's side

    private func answerForEver() {
        while true {
            isAsked.wait()
            if isOver { return }
            found = nil
            // What cannot be read or expanded the reader finds and reports itself.
            try? find()
            isAnswered.signal()
        }
    }

    private func find() throws {
        var offset = start
        for _ in 0..<Self.patience {
            record.removeAll()
            try file.read(at: offset, count: Format.prefixSize, appendingTo: &record)
            var prefix = ByteReader(RawSpan(_unsafeStart: record.unsafeBase, byteCount: record.count))
            let code = try prefix.read(UInt8.self)
            let size = try prefix.read(UInt64.self)
            guard code != 0, size <= UInt64(limits.record) else { return }
            if code == Opcode.chunk.rawValue { return try expand(at: offset, Int(size)) }
            guard code != Opcode.dataEnd.rawValue else { return }
            offset += UInt64(Format.prefixSize) + size
        }
    }

    private func expand(at offset: UInt64, _ size: Int) throws {
        record.removeAll()
        try file.read(at: offset + UInt64(Format.prefixSize), count: size, appendingTo: &record)
        let content = RawSpan(_unsafeStart: record.unsafeBase, byteCount: record.count)
        var reader = ByteReader(content)
        let header = try ChunkHeader(from: &reader)
        guard header.storedSize <= UInt64(size - reader.position) else { return }
        let stored = reader.position..<reader.position + Int(header.storedSize)
        try contents.load(header, stored: content.extracting(stored), limits: limits)
        found = (offset, header, stored)
    }

    /// Whether bytes are those at a range of the record; as many.
    private func isEqual(_ bytes: RawSpan, to range: Range<Int>) -> Bool {
        bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return true }
            return memcmp(base, record.unsafeBase + range.lowerBound, range.count) == 0
        }
    }
}
