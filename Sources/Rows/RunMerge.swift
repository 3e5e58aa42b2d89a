import ByteCoding
import MarketModel

/// Merges sorted runs of rows by (ts, instrument rank, run).
struct RunMerge: ~Copyable {
    /// A run and its next row.
    private final class Cursor {
        private(set) var ts: Int64 = 0
        private(set) var instrument: UInt32 = 0
        private var length = 0
        private var buffer: GrowableBytes
        private var index = 0
        private var next: UInt64
        private let end: UInt64
        private let stride: Int

        init(_ run: SortedRun, stride: Int) {
            (next, end, self.stride) = (run.start, run.end, stride)
            buffer = GrowableBytes(capacity: stride)
        }

        /// Reads the key of the next row; false at the end.
        func readKey(_ store: SpillStore) throws(ByteCodingError) -> Bool {
            try fill(SortedRun.keySize, store)
            guard buffer.count - index >= SortedRun.keySize else { return false }
            ts = buffer.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: Int64.self)
            instrument = buffer.bytes.unsafeLoadUnaligned(fromByteOffset: index + 8, as: UInt32.self)
            length = Int(buffer.bytes.unsafeLoadUnaligned(fromByteOffset: index + 12, as: UInt32.self))
            return true
        }

        /// Appends the row whose key was read, and moves past it.
        func moveRow(
            _ store: SpillStore,
            withKey: Bool,
            into output: inout GrowableBytes
        ) throws(ByteCodingError) {
            try fill(SortedRun.keySize + length, store)
            let start = min(index + SortedRun.keySize, buffer.count)
            let end = min(start + length, buffer.count)
            output.append(buffer.bytes.extracting((withKey ? index : start)..<end))
            index = start + length
        }

        /// Reads until `count` bytes are buffered, or the run ends.
        private func fill(_ count: Int, _ store: SpillStore) throws(ByteCodingError) {
            guard buffer.count - index < count, next < end else { return }
            buffer.removeFirst(index)
            index = 0
            let size = Int(min(end - next, UInt64(max(stride, count - buffer.count))))
            try store.read(at: next, count: size, appendingTo: &buffer)
            next += UInt64(size)
        }
    }

    private let store: SpillStore
    private let ranks: [Int]
    private let withKeys: Bool
    /// The runs with rows left, as a binary heap by next row.
    private var heap: [(cursor: Cursor, run: Int)] = []
    private let cursors: [Cursor]
    private var output = GrowableBytes(capacity: 2 * RunMerge.batch)

    private static let batch = 1 << 15
    /// The read-ahead of all runs together, bytes.
    private static let memory = 16 << 20

    /// Rows are read without their keys, unless they are wanted too.
    init(_ runs: [SortedRun], _ ranks: [Int], _ store: SpillStore, withKeys: Bool = false) {
        (self.ranks, self.store, self.withKeys) = (ranks, store, withKeys)
        let stride = max(4096, min(1 << 16, RunMerge.memory / max(runs.count, 1)))
        cursors = runs.map { Cursor($0, stride: stride) }
    }

    /// Calls `body` with the bytes of rows in order, many at once.
    mutating func drain(_ body: (RawSpan) -> Void) throws(DigestError) {
        do {
            for (run, cursor) in cursors.enumerated() where try cursor.readKey(store) {
                heap.append((cursor, run))
                rise(heap.count - 1)
            }
            while let first = heap.first {
                try first.cursor.moveRow(store, withKey: withKeys, into: &output)
                if output.count >= RunMerge.batch {
                    body(output.bytes)
                    output.removeAll()
                }
                if try !first.cursor.readKey(store) {
                    heap.swapAt(0, heap.count - 1)
                    heap.removeLast()
                }
                sink()
            }
        } catch {
            throw .temporaryFile(reason: "\(error)")
        }
        body(output.bytes)
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        let (a, b) = (heap[left], heap[right])
        if a.cursor.ts != b.cursor.ts { return a.cursor.ts < b.cursor.ts }
        let (rank, other) = (ranks[Int(a.cursor.instrument)], ranks[Int(b.cursor.instrument)])
        // For equal keys the earlier run, whose rows were emitted first.
        return rank != other ? rank < other : a.run < b.run
    }

    private mutating func rise(_ start: Int) {
        var index = start
        while index > 0, precedes(index, (index - 1) / 2) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func sink() {
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
