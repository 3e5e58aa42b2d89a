import Glibc
import MarketModel
import Parquet

/// A market file under construction; its name follows from its earliest time, known at the end.
final class PendingFile {
    private let store: MarketFileStore
    private let directory: String
    private let symbol: String
    private let type: MarketDataType
    private let stage: MarketFileStage
    private let temporary: String
    private let writer: ParquetWriter
    private var earliest: Int64?
    /// Bytes of the open row group.
    private(set) var held = 0

    /// Begins a file; `time` decides its day in the Hive layout.
    init(
        store: MarketFileStore,
        type: MarketDataType,
        stage: MarketFileStage,
        instrument: Instrument,
        time: Int64,
        schema: ParquetSchema
    ) throws(MarketFileError) {
        self.store = store
        self.type = type
        self.stage = stage
        symbol = instrument.symbol
        directory = try store.folder(type, stage, instrument, time: time)
        temporary = "\(directory)/.\(getpid())-\(store.nextNumber())-\(type.tag)-\(stage.rawValue)"
        do {
            writer =
                store.isInMemory
                ? try ParquetWriter(inMemory: schema, pool: store.pool)
                : try ParquetWriter(path: temporary, schema: schema, pool: store.pool)
        } catch {
            throw .parquet(error, path: directory)
        }
        store.begin(self)
    }

    /// Lowers the stamp of the file's name to `time`, nanoseconds since the Unix epoch.
    func extend(to time: Int64) { earliest = min(earliest ?? time, time) }

    func append(_ columns: [ColumnRows]) throws(MarketFileError) {
        do { try writer.append(columns) } catch { throw .parquet(error, path: directory) }
        let before = held
        held = writer.heldBytes
        try store.hold(held - before)
    }

    func endRowGroup() throws(MarketFileError) {
        held = 0
        do { try writer.endRowGroup() } catch { throw .parquet(error, path: directory) }
    }

    /// The memory of a file made in memory, bytes.
    var bytes: Int { held + writer.writtenBytes }

    /// Completes and names the file; a file in memory goes to the store unnamed.
    func finish() throws(MarketFileError) {
        if store.isInMemory { return try finishInMemory() }
        do {
            try writer.finish(keyValues: store.keyValues)
        } catch {
            throw .parquet(error, path: directory)
        }
        do {
            store.complete(self, as: try name.reserve(temporary))
        } catch {
            unlink(temporary)
            throw error
        }
    }

    private func finishInMemory() throws(MarketFileError) {
        do throws(ParquetError) {
            let bytes = try writer.finishInMemory(keyValues: store.keyValues)
            store.complete(self, as: MarketFileImage(name: name, bytes: bytes))
        } catch {
            throw .parquet(error, path: directory)
        }
    }

    /// Discards the file without a trace.
    func discard() {
        writer.discard()
        unlink(temporary)
        store.forget(self)
    }

    private var name: ReservedName {
        ReservedName(directory: directory, symbol: symbol, type: type, stage: stage, stamp: earliest ?? 0)
    }
}
