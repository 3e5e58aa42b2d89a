import Features
public import MarketFiles
import MarketModel
public import Rows
import Synchronization
import Synchronizer

/// Market files: a new one of each kind after a number of rows or some time.
///
/// Files are made in memory and written whole. Failed writes are retried, in bounded memory. When that is
/// full, rows are lost and counted, and the next files state how many are missing before them.
public final class ParquetSink: RowSink {
    /// When files are written, and how much memory may be used.
    public struct Limits: Sendable {
        /// Files are written after this many rows.
        public var rows = 1_000_000
        /// Or after this much time, in nanoseconds.
        public var interval: Int64 = 3_600 * UnixTime.second
        /// The most bytes of rows and files in memory; files are written when they take half of it.
        public var memory = 256 << 20
        /// The wait after a failed attempt, in nanoseconds.
        public var retryInterval = UnixTime.second

        /// A million rows, an hour, 256 MiB, a second.
        public init() {}
    }

    /// Files of the rows between two flushes.
    private struct Batch {
        var images: [MarketFileImage]
        var rows: Int
        var bytes: Int { images.reduce(0) { $0 + $1.byteCount } }
    }

    private let folder: String
    private let limits: Limits
    private let makeWriter: () -> MarketFileWriter
    private var writer: MarketFileWriter
    /// Rows in the writer.
    private var gathered = 0
    private var waiting: [Batch] = []
    private var waitingBytes = 0
    /// Files on disk.
    private let files = Atomic(0)
    /// The time of the last flush; nil before the first.
    private var now: Int64?
    private var lastFlush: Int64?
    /// When to try again after a failed attempt; nil = at once.
    private var nextTry: Int64?
    /// Why the last attempt failed; nil if it did not.
    private var trouble: String?
    /// The run of rows being lost, and the one before the current rows.
    private var losing: LostRows?
    private var lostBefore: LostRows?
    private var notes: [String] = []
    /// Rows lost for lack of room.
    public private(set) var lostRows: UInt64 = 0

    /// Writes into a folder, created if needed; `metadata` goes into every file.
    /// - Throws: ``SinkError`` if no file can be written there.
    public convenience init(
        folder: String,
        depth: Int = 50,
        encoding: FileEncoding = .automatic,
        limits: Limits = Limits(),
        metadata: [(key: String, value: String)] = []
    ) throws(SinkError) {
        let bytes = min(8 << 20, max(1 << 16, limits.memory / 8))
        let options = MarketFileOptions(
            depth: depth,
            encoding: encoding,
            metadata: metadata,
            bufferBytes: bytes
        )
        try self.init(folder: folder, limits: limits) {
            MarketFileWriter(inMemoryFor: folder, options: options)
        }
    }

    /// Makes the files of each batch with a writer of its own.
    init(
        folder: String,
        limits: Limits,
        makeWriter: @escaping () -> MarketFileWriter
    ) throws(SinkError) {
        self.folder = folder
        self.limits = limits
        self.makeWriter = makeWriter
        writer = makeWriter()
        do throws(MarketFileError) {
            try MarketFileWriter.probe(folder)
        } catch {
            throw .failed(sink: "parquet", reason: error.description)
        }
    }

    /// Rows in memory and in unwritten files.
    public var waitingRows: UInt64 { UInt64(waiting.reduce(gathered) { $0 + $1.rows }) }

    /// Files written.
    public var steps: Int { files.load(ordering: .relaxed) }

    /// `parquet`.
    public var name: String { "parquet" }

    /// Files written, rows pending, rows lost.
    public var status: String {
        "\(steps) files in \(folder), \(waitingRows) rows waiting, \(lostRows) rows lost"
            + (trouble.map { " (\($0))" } ?? "")
    }

    /// Adds a row, or counts it as lost.
    public func write(_ row: borrowing Row) throws(SinkError) {
        guard writer.memoryBytes + waitingBytes < limits.memory else { return try lose(row.aggregate.ts) }
        reportRecovery()
        do throws(MarketFileError) {
            try writer.write(row.snapshot, row.aggregate, of: row.instrument)
        } catch {
            throw abandonRows(error)
        }
        gathered += 1
        guard gathered >= limits.rows || writer.memoryBytes >= limits.memory / 2 else { return }
        do throws(SinkError) {
            try flush()
        } catch {
            // The caller counts the row of a thrown error.
            lostRows -= 1
            throw error
        }
    }

    /// Writes files that are due.
    public func flush(at now: Int64) throws(SinkError) {
        self.now = now
        let last = lastFlush ?? now
        lastFlush = last
        if now - last >= limits.interval { try flush() } else if !waiting.isEmpty { deliver() }
    }

    /// Writes what is pending; what cannot be written is lost.
    @discardableResult
    public func finish() throws(SinkError) -> SinkReceipt {
        var failure: SinkError?
        do throws(SinkError) { try close() } catch { failure = error }
        nextTry = nil
        deliver()
        reportRecovery()
        guard let trouble else {
            if let failure { throw failure }
            return SinkReceipt()
        }
        if let failure { notes.append("\(failure)") }
        let rows = waiting.reduce(0) { $0 + $1.rows }
        lostRows += UInt64(rows)
        (waiting, waitingBytes) = ([], 0)
        throw .failed(sink: name, reason: "\(trouble); \(rows) rows that waited are lost at the end")
    }

    /// Problems, their end, and losses.
    public func drainNotes() -> [String] {
        defer { notes.removeAll() }
        return notes
    }

    // MARK: - Files

    private func flush() throws(SinkError) {
        lastFlush = now
        try close()
        deliver()
    }

    /// Completes the files of the current rows, in memory.
    private func close() throws(SinkError) {
        guard gathered > 0 else { return }
        do throws(MarketFileError) {
            let images = try writer.finishInMemory(adding: lostBefore?.facts ?? [])
            let batch = Batch(images: images, rows: gathered)
            waiting.append(batch)
            waitingBytes += batch.bytes
        } catch {
            throw abandonRows(error)
        }
        (gathered, lostBefore) = (0, nil)
        writer = makeWriter()
    }

    /// Loses the current rows, which cannot be made into files; pending files are kept.
    private func abandonRows(_ error: MarketFileError) -> SinkError {
        let lost = gathered
        lostRows += UInt64(lost)
        gathered = 0
        writer = makeWriter()
        return .failed(sink: name, reason: "\(error); \(lost) rows that were in no file yet are lost")
    }

    /// Writes pending files, oldest first, until one fails.
    private func deliver() {
        if let now, let nextTry, now < nextTry { return }
        nextTry = nil
        while !waiting.isEmpty {
            while let image = waiting[0].images.first {
                do throws(MarketFileError) {
                    _ = try image.write()
                } catch {
                    return reportTrouble(error.description)
                }
                files.add(1, ordering: .relaxed)
                waitingBytes -= image.byteCount
                waiting[0].images.removeFirst()
            }
            waiting.removeFirst()
        }
        if trouble != nil { notes.append("\(name): \(folder) can be written again") }
        trouble = nil
    }

    private func reportTrouble(_ reason: String) {
        nextTry = now.map { $0 + limits.retryInterval }
        if reason != trouble {
            notes.append("\(name): \(reason); rows wait in memory and are tried again")
        }
        trouble = reason
    }

    // MARK: - Losses

    private func lose(_ ts: Int64) throws(SinkError) {
        // The current files end here, so that missing rows are between files.
        try close()
        if losing == nil {
            notes.append("\(name): \(limits.memory) bytes wait for \(folder); rows are lost from here on")
        }
        losing = LostRows(after: losing, ts)
        lostRows += 1
    }

    private func reportRecovery() {
        guard let lost = losing else { return }
        notes.append("\(name): \(lost.text)")
        (losing, lostBefore) = (nil, LostRows.joined(lostBefore, lost))
    }

    /// The current files end here, so that missing rows are between files.
    public func lost(_ rows: LostRows) throws(SinkError) {
        reportRecovery()
        try close()
        lostBefore = LostRows.joined(lostBefore, rows)
    }
}
