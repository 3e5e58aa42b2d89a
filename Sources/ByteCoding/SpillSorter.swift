/// Sorts records of bytes by a number, stably, in bounded memory.
///
/// Records are collected up to a limit, sorted and spilled to an unnamed temporary file; the runs are
/// merged at the end. Records already in order cost no sorting.
public final class SpillSorter {
    private struct Entry {
        var key: UInt64
        var start: Int
    }

    private let limit: Int
    private let store = SpillStore(limit: 0)
    private var entries: [Entry] = []
    /// The records in memory: key, length, bytes.
    private var records = GrowableBytes()
    private var sorted = GrowableBytes()
    private var runs: [Range<UInt64>] = []
    /// The runs with a record left: a binary heap by their next record.
    private var heap: [RunCursor] = []
    private var next = 0
    private var isReading = false

    /// How many records were added.
    public private(set) var count = 0
    /// The least key added; nil if none was.
    public private(set) var least: UInt64?
    /// The key of the current record.
    public private(set) var key: UInt64 = 0
    /// The start of the current record's bytes, for owners that vend spans of their own.
    public private(set) var base = UnsafeRawPointer(bitPattern: 8).unsafelyUnwrapped
    /// How many they are.
    public private(set) var length = 0

    /// Makes a sorter that holds about `memory` bytes before it spills them.
    public init(memory: Int = 32 << 20) { limit = max(memory, 1) }

    /// The bytes of the current record; valid until the next ``advance()``.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // Safe: the record is in `records` or in a cursor's buffer until the next ``advance()``.
            let span = RawSpan(_unsafeStart: base, byteCount: length)
            return _overrideLifetime(span, borrowing: self)
        }
    }

    /// Adds what `write` appends, at most 4 GiB, ordered by `key`.
    public func add(_ key: UInt64, _ write: (inout GrowableBytes) -> Void) throws(ByteCodingError) {
        let start = records.count
        records.append(key)
        records.append(UInt32(0))
        write(&records)
        let length = records.count - start - RunCursor.headSize
        guard let stated = UInt32(exactly: length) else {
            records.truncate(to: start)
            throw .outputTooLarge(codec: "sorting", limit: Int(UInt32.max))
        }
        records.overwrite(stated, at: start + 8)
        entries.append(Entry(key: key, start: start))
        least = min(least ?? key, key)
        count += 1
        if records.count + entries.count * MemoryLayout<Entry>.stride >= limit { try putAway() }
    }

    /// Moves to the next record in order; returns false after the last.
    ///
    /// Nothing can be added from then on.
    public func advance() throws(ByteCodingError) -> Bool {
        if !isReading { try beginReading() }
        guard runs.isEmpty else { return try advanceInRuns() }
        guard next < entries.count else { return false }
        show(records.unsafeBase + entries[next].start)
        next += 1
        return true
    }

    private func beginReading() throws(ByteCodingError) {
        isReading = true
        guard !runs.isEmpty else { return sort() }
        try putAway()
        let stride = max(4096, min(1 << 18, (16 << 20) / runs.count))
        for (index, run) in runs.enumerated() {
            let cursor = RunCursor(run, index: index, stride: stride)
            guard try cursor.read(store) else { continue }
            heap.append(cursor)
            rise(heap.count - 1)
        }
    }

    private func show(_ record: UnsafeRawPointer) {
        key = UInt64(littleEndian: record.loadUnaligned(as: UInt64.self))
        length = Int(UInt32(littleEndian: record.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
        base = record + RunCursor.headSize
    }

    private func sort() {
        for index in entries.indices.dropFirst() where entries[index].key < entries[index - 1].key {
            return entries.sort { ($0.key, $0.start) < ($1.key, $1.start) }
        }
    }

    private func putAway() throws(ByteCodingError) {
        guard !entries.isEmpty else { return }
        sort()
        sorted.removeAll()
        sorted.reserve(records.count)
        for entry in entries {
            let head = records.unsafeBase + entry.start
            let size = UInt32(littleEndian: head.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
            // Safe: `add` wrote the record there, with its length.
            sorted.append(RawSpan(_unsafeStart: head, byteCount: RunCursor.headSize + Int(size)))
        }
        let start = try store.append(RawSpan(_unsafeStart: sorted.unsafeBase, byteCount: sorted.count))
        runs.append(start..<(start + UInt64(sorted.count)))
        entries.removeAll(keepingCapacity: true)
        records.removeAll()
    }

    // MARK: - Merging

    private func advanceInRuns() throws(ByteCodingError) -> Bool {
        if next > 0, let first = heap.first {
            if try !first.read(store) {
                heap.swapAt(0, heap.count - 1)
                heap.removeLast()
            }
            sink()
        }
        next = 1
        guard let first = heap.first else { return false }
        show(first.record)
        return true
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        (heap[left].key, heap[left].index) < (heap[right].key, heap[right].index)
    }

    private func rise(_ start: Int) {
        var index = start
        while index > 0, precedes(index, (index - 1) / 2) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private func sink() {
        var index = 0
        while true {
            var first = index
            let child = 2 * index + 1
            if child < heap.count, precedes(child, first) { first = child }
            if child + 1 < heap.count, precedes(child + 1, first) { first = child + 1 }
            if first == index { return }
            heap.swapAt(index, first)
            index = first
        }
    }
}

/// A run of sorted records in the temporary file, and its next record.
private final class RunCursor {
    /// Key and length before a record's bytes.
    static let headSize = 12

    let index: Int
    private(set) var key: UInt64 = 0
    private var buffer: GrowableBytes
    private var start = 0
    private var whole = 0
    private var next: UInt64
    private let end: UInt64
    private let stride: Int

    init(_ run: Range<UInt64>, index: Int, stride: Int) {
        (next, end, self.index, self.stride) = (run.lowerBound, run.upperBound, index, stride)
        buffer = GrowableBytes(capacity: stride)
    }

    /// The start of the current record.
    var record: UnsafeRawPointer { buffer.unsafeBase + start }

    /// Reads the next record; returns false at the end.
    func read(_ store: SpillStore) throws(ByteCodingError) -> Bool {
        start += whole
        whole = 0
        guard try fill(Self.headSize, store) else { return false }
        key = UInt64(littleEndian: record.loadUnaligned(as: UInt64.self))
        let size = UInt32(littleEndian: record.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
        whole = Self.headSize + Int(size)
        return try fill(whole, store)
    }

    /// Buffers `count` bytes of the run; returns false if there are fewer.
    private func fill(_ count: Int, _ store: SpillStore) throws(ByteCodingError) -> Bool {
        if buffer.count - start < count, next < end {
            buffer.removeFirst(start)
            start = 0
            let size = Int(min(end - next, UInt64(max(stride, count - buffer.count))))
            try store.read(at: next, count: size, appendingTo: &buffer)
            next += UInt64(size)
        }
        return buffer.count - start >= count
    }
}
