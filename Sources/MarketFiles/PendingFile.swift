import Glibc
import MarketModel
import Parquet

/// A market file under construction: its name is known at the end, when its earliest time is.
final class PendingFile {
    private let directory: String
    private let symbol: String
    private let type: MarketDataType
    private let stage: MarketFileStage
    private let temporary: String
    private let writer: ParquetWriter
    private var earliest: Int64?

    /// Rows handed over so far.
    var rowCount: Int { writer.rowCount }

    /// Begins a file in `directory`, which exists; `number` makes temporary names unique within a run.
    init(
        directory: String,
        instrument: Instrument,
        type: MarketDataType,
        stage: MarketFileStage,
        schema: ParquetSchema,
        number: Int
    ) throws(MarketFileError) {
        self.directory = directory
        self.type = type
        self.stage = stage
        symbol = instrument.symbol
        temporary = "\(directory)/.\(getpid())-\(number)-\(type.tag)-\(stage.rawValue)"
        var options = ParquetWriterOptions()
        // Many files are open at once; a row group each must fit in memory.
        options.rowGroupBytes = 8 << 20
        do {
            writer = try ParquetWriter(path: temporary, schema: schema, options: options)
        } catch {
            throw .parquet(error, path: directory)
        }
    }

    /// Lowers the stamp of the file's name to `time`, nanoseconds since the Unix epoch.
    func note(_ time: Int64) { earliest = min(earliest ?? time, time) }

    func append(_ columns: [ColumnVector]) throws(MarketFileError) {
        do { try writer.append(columns) } catch { throw .parquet(error, path: directory) }
    }

    /// Completes the file and gives it its name; returns its path.
    func finish(_ keyValues: [KeyValue]) throws(MarketFileError) -> String {
        do { try writer.finish(keyValues: keyValues) } catch { throw .parquet(error, path: directory) }
        var collision = 0
        while true {
            let name = MarketFileName.name(
                symbol: symbol,
                type: type,
                stage: stage,
                stamp: earliest ?? 0,
                collision: collision
            )
            let path = "\(directory)/\(name)"
            // link fails where the name is taken: nothing is ever replaced.
            if link(temporary, path) == 0 {
                unlink(temporary)
                return path
            }
            guard errno == EEXIST else { throw .rename(path: path, reason: String(cString: strerror(errno))) }
            collision += 1
        }
    }

    /// Gives up; nothing stays behind.
    func discard() { writer.discard() }
}
