import Glibc
import MarketModel

/// Rows' bytes ordered by (ts, exchange, market, symbol, order of emission), in bounded memory.
///
/// Rows are gathered up to a limit, sorted, and put into unnamed temporary files; the end merges them.
struct ContentSorter: ~Copyable {
    private struct Key {
        var ts: Int64
        var instrument: UInt32
        var offset: Int
        var length: Int
    }

    private var keys: [Key] = []
    private var bytes: [UInt8] = []
    private var instruments: [Instrument] = []
    private var runs: [SortedRun] = []
    private let limit: Int

    /// Makes a sorter that holds about `limit` bytes of rows in memory.
    init(limit: Int = 16 << 20) { self.limit = limit }

    /// Adds a row: `write` appends its bytes.
    mutating func add(
        ts: Int64,
        index: InstrumentIndex,
        instrument: Instrument,
        _ write: (inout [UInt8]) -> Void
    ) throws(ReplayError) {
        while instruments.count <= index.position { instruments.append(instrument) }
        instruments[index.position] = instrument
        let offset = bytes.count
        write(&bytes)
        keys.append(Key(ts: ts, instrument: index.value, offset: offset, length: bytes.count - offset))
        if bytes.count >= limit { try spill() }
    }

    /// Calls `body` with the bytes of each row in order, then is empty.
    mutating func drain(_ body: (RawSpan) -> Void) throws(ReplayError) {
        let ranks = ranks()
        if runs.isEmpty {
            sort(ranks)
            for key in keys { body(bytes.span.bytes.extracting(key.offset..<(key.offset + key.length))) }
        } else {
            try spill()
            try merge(ranks, body)
        }
        keys.removeAll()
        bytes.removeAll()
        runs.removeAll()
    }

    /// The place of each instrument in the order of (exchange, market, symbol).
    private func ranks() -> [Int] {
        let order = instruments.indices.sorted { instruments[$0] < instruments[$1] }
        var ranks = [Int](repeating: 0, count: instruments.count)
        for (rank, place) in order.enumerated() { ranks[place] = rank }
        return ranks
    }

    private mutating func sort(_ ranks: [Int]) {
        // The offset is the order of emission, which makes the order total.
        keys.sort { left, right in
            if left.ts != right.ts { return left.ts < right.ts }
            let (a, b) = (ranks[Int(left.instrument)], ranks[Int(right.instrument)])
            return a != b ? a < b : left.offset < right.offset
        }
    }

    private mutating func spill() throws(ReplayError) {
        // Ranks change as instruments join, but never the order of two of them.
        sort(ranks())
        let run = try SortedRun()
        for key in keys {
            let row = bytes.span.bytes.extracting(key.offset..<(key.offset + key.length))
            try run.append(row, ts: key.ts, instrument: key.instrument)
        }
        runs.append(run)
        keys.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }

    private func merge(_ ranks: [Int], _ body: (RawSpan) -> Void) throws(ReplayError) {
        for run in runs { try run.rewind() }
        while true {
            var best: SortedRun?
            for run in runs where run.hasRow {
                guard let chosen = best else {
                    best = run
                    continue
                }
                // Among equals the earlier run, whose rows were emitted first.
                let (a, b) = (ranks[Int(run.instrument)], ranks[Int(chosen.instrument)])
                if run.ts < chosen.ts || (run.ts == chosen.ts && a < b) { best = run }
            }
            guard let best else { return }
            body(best.row.span.bytes)
            try best.advance()
        }
    }
}

/// A sorted run of rows in an unnamed temporary file.
final class SortedRun {
    private let file: UnsafeMutablePointer<FILE>
    private(set) var ts: Int64 = 0
    private(set) var instrument: UInt32 = 0
    private(set) var row: [UInt8] = []
    private(set) var hasRow = false

    init() throws(ReplayError) {
        guard let file = tmpfile() else { throw .temporaryFile(reason: String(cString: strerror(errno))) }
        self.file = file
    }

    deinit { fclose(file) }

    func append(_ row: RawSpan, ts: Int64, instrument: UInt32) throws(ReplayError) {
        try write(of: ts)
        try write(of: instrument)
        try write(of: UInt32(clamping: row.byteCount))
        let written = row.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
        guard written == row.byteCount else { throw .temporaryFile(reason: String(cString: strerror(errno))) }
    }

    func rewind() throws(ReplayError) {
        // What a full disk did not take shows here at the latest.
        guard fflush(file) == 0, fseek(file, 0, SEEK_SET) == 0 else {
            throw .temporaryFile(reason: String(cString: strerror(errno)))
        }
        try advance()
    }

    func advance() throws(ReplayError) {
        guard let ts: Int64 = read(), let instrument: UInt32 = read(), let length: UInt32 = read() else {
            hasRow = false
            guard ferror(file) == 0 else { throw .temporaryFile(reason: String(cString: strerror(errno))) }
            return
        }
        self.ts = ts
        self.instrument = instrument
        row = [UInt8](repeating: 0, count: Int(length))
        guard fread(&row, 1, row.count, file) == row.count else {
            throw .temporaryFile(reason: String(cString: strerror(errno)))
        }
        hasRow = true
    }

    private func write(of value: some FixedWidthInteger) throws(ReplayError) {
        let written = withUnsafeBytes(of: value) { fwrite($0.baseAddress, 1, $0.count, file) }
        guard written == MemoryLayout.size(ofValue: value) else {
            throw .temporaryFile(reason: String(cString: strerror(errno)))
        }
    }

    private func read<Value: FixedWidthInteger>() -> Value? {
        var value: Value = 0
        return fread(&value, MemoryLayout<Value>.size, 1, file) == 1 ? value : nil
    }
}
