import ByteCoding
import MarketModel

/// Sorts rows' bytes by (ts, exchange, market, symbol, order of emission), in bounded memory.
///
/// Rows are collected up to a limit, sorted, and spilled to a temporary file, whose runs are merged at the
/// end. Rows are nearly sorted when they arrive, so that sorting is cheap.
struct ContentSorter: ~Copyable {
    private struct Key {
        var ts: Int64
        var instrument: UInt32
        var offset: Int
        var length: Int
    }

    private var keys: [Key] = []
    private var bytes: GrowableBytes
    private var instruments: [Instrument] = []
    private var runs: [SortedRun] = []
    private let store = SpillStore(limit: 0)
    private var sorted = GrowableBytes()
    private let limit: Int

    /// Makes a sorter that holds about `limit` bytes of rows in memory.
    init(limit: Int = 8 << 20) {
        self.limit = limit
        bytes = GrowableBytes(capacity: min(limit, 1 << 20))
    }

    /// Adds a row, whose bytes are in two parts.
    mutating func add(
        _ head: RawSpan,
        _ tail: RawSpan,
        ts: Int64,
        index: InstrumentIndex,
        instrument: Instrument
    ) throws(DigestError) {
        while instruments.count <= index.position { instruments.append(instrument) }
        if instruments[index.position] != instrument { instruments[index.position] = instrument }
        let offset = bytes.count
        bytes.append(head)
        bytes.append(tail)
        keys.append(Key(ts: ts, instrument: index.value, offset: offset, length: bytes.count - offset))
        if bytes.count >= limit { try spill() }
    }

    /// Calls `body` with the bytes of rows in order, many at once, then removes them.
    mutating func drain(_ body: (RawSpan) -> Void) throws(DigestError) {
        if runs.isEmpty {
            sort(ranks())
            Self.gather(keys, of: bytes, withKeys: false, into: &sorted)
            body(sorted.bytes)
        } else {
            try spill()
            var merge = RunMerge(runs, ranks(), store)
            try merge.drain(body)
        }
        keys.removeAll()
        bytes.removeAll()
        runs.removeAll()
    }

    /// The rank of each instrument by (exchange, market, symbol).
    private func ranks() -> [Int] {
        let order = instruments.indices.sorted { instruments[$0] < instruments[$1] }
        var ranks = [Int](repeating: 0, count: instruments.count)
        for (rank, position) in order.enumerated() { ranks[position] = rank }
        return ranks
    }

    private mutating func sort(_ ranks: [Int]) {
        // The offset grows with emission, which makes the order total.
        let precedes = { (left: Key, right: Key) in
            if left.ts != right.ts { return left.ts < right.ts }
            let (a, b) = (ranks[Int(left.instrument)], ranks[Int(right.instrument)])
            return a != b ? a < b : left.offset < right.offset
        }
        for position in keys.indices.dropFirst() where precedes(keys[position], keys[position - 1]) {
            return keys.sort(by: precedes)
        }
    }

    /// Copies the rows in key order, each after its key if the merge will read them.
    private static func gather(
        _ keys: [Key],
        of rows: borrowing GrowableBytes,
        withKeys: Bool,
        into sorted: inout GrowableBytes
    ) {
        sorted.removeAll()
        sorted.reserve(rows.count + (withKeys ? keys.count * SortedRun.keySize : 0))
        for key in keys {
            if withKeys {
                sorted.append(key.ts)
                sorted.append(key.instrument)
                sorted.append(UInt32(clamping: key.length))
            }
            sorted.append(rows.bytes.extracting(key.offset..<(key.offset + key.length)))
        }
    }

    private mutating func spill() throws(DigestError) {
        guard !keys.isEmpty else { return }
        // New instruments change ranks, but never the order of two others.
        sort(ranks())
        Self.gather(keys, of: bytes, withKeys: true, into: &sorted)
        do {
            let start = try store.append(sorted.bytes)
            runs.append(SortedRun(start: start, end: start + UInt64(sorted.count)))
        } catch {
            throw .temporaryFile(reason: "\(error)")
        }
        keys.removeAll(keepingCapacity: true)
        bytes.removeAll()
    }
}

extension ContentSorter {
    /// The rows in order, each after its key, and the instruments that keys name.
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var rows = StateBytes()
        if !coder.isReading { rows.bytes = try written() }
        try coder.field("instruments", &instruments)
        try coder.field("rows", &rows)
        guard coder.isReading, !rows.bytes.isEmpty else { return }
        guard SortedRun.isSound(rows.bytes, instruments: instruments.count) else {
            throw coder.malformed("rows that do not add up")
        }
        do {
            let start = try store.append(rows.bytes.span.bytes)
            runs.append(SortedRun(start: start, end: start + UInt64(rows.bytes.count)))
        } catch {
            throw .storage("\(error)")
        }
    }

    /// All rows as one run, which replaces those there were.
    private mutating func written() throws(StateError) -> [UInt8] {
        var all = GrowableBytes()
        do throws(DigestError) {
            try spill()
            var merge = RunMerge(runs, ranks(), store, withKeys: true)
            try merge.drain { all.append($0) }
        } catch {
            throw .storage("\(error)")
        }
        return all.bytes.withUnsafeBytes { [UInt8]($0) }
    }
}
