public import Features
import MarketFiles
public import MarketModel
public import Synchronizer

/// Market files: a new one of each kind whenever enough rows or enough time have come together.
public final class ParquetSink: Sink {
    private let folder: String
    private let rowLimit: Int
    private let interval: Int64
    private let depth: Int
    private var writer: MarketFileWriter
    private var waiting = 0
    private var lastFlush: Int64?
    private var files = 0

    /// Writes into a folder; flushes after `rowLimit` rows or `interval` nanoseconds.
    public init(
        folder: String,
        depth: Int = 50,
        rowLimit: Int = 1_000_000,
        interval: Int64 = 3_600_000_000_000
    ) {
        self.folder = folder
        self.depth = depth
        self.rowLimit = max(rowLimit, 1)
        self.interval = max(interval, 1)
        writer = MarketFileWriter(root: folder, options: MarketFileOptions(depth: depth))
    }

    /// `parquet`.
    public var name: String { "parquet" }

    /// Files written and rows that wait.
    public var status: String { "\(files) files in \(folder), \(waiting) rows waiting" }

    /// Takes a row.
    public func write(
        _ snapshot: borrowing MarketSnapshot,
        _ row: MarketAggregate,
        of instrument: Instrument
    ) throws(SinkError) {
        do throws(MarketFileError) {
            try writer.write(snapshot, row, of: instrument)
        } catch {
            throw .failed(sink: name, reason: error.description)
        }
        waiting += 1
        if waiting >= rowLimit { try flush() }
    }

    /// Flushes when it is time.
    public func tick(_ now: Int64) throws(SinkError) {
        guard let last = lastFlush else {
            lastFlush = now
            return
        }
        guard now - last >= interval else { return }
        lastFlush = now
        if waiting > 0 { try flush() }
    }

    /// Writes what waits.
    public func finish() throws(SinkError) { try flush() }

    private func flush() throws(SinkError) {
        do throws(MarketFileError) {
            files += try writer.finish().count
        } catch {
            throw .failed(sink: name, reason: error.description)
        }
        waiting = 0
        writer = MarketFileWriter(root: folder, options: MarketFileOptions(depth: depth))
    }
}
