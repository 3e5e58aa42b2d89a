import Glibc
import MarketModel
import Parquet

/// A market file under construction: its name is known at the end, when its earliest time is.
final class PendingFile {
    private let place: FilePlace
    private let directory: String
    private let symbol: String
    private let type: MarketDataType
    private let stage: MarketFileStage
    private let temporary: String
    private let writer: ParquetWriter
    private var earliest: Int64?
    /// Bytes of the open row group.
    private(set) var held = 0

    /// Begins a file; `time` says its day where folders name days.
    init(
        place: FilePlace,
        type: MarketDataType,
        stage: MarketFileStage,
        instrument: Instrument,
        time: Int64,
        schema: ParquetSchema
    ) throws(MarketFileError) {
        self.place = place
        self.type = type
        self.stage = stage
        symbol = instrument.symbol
        directory = try place.folder(type, instrument, time: time)
        temporary = "\(directory)/.\(getpid())-\(place.nextNumber())-\(type.tag)-\(stage.rawValue)"
        do {
            writer = try ParquetWriter(path: temporary, schema: schema, pool: place.pool)
        } catch {
            throw .parquet(error, path: directory)
        }
        place.begin(self)
    }

    /// Lowers the stamp of the file's name to `time`, nanoseconds since the Unix epoch.
    func note(_ time: Int64) { earliest = min(earliest ?? time, time) }

    func append(_ columns: [ColumnRows]) throws(MarketFileError) {
        do { try writer.append(columns) } catch { throw .parquet(error, path: directory) }
        let before = held
        held = writer.heldBytes
        try place.hold(held - before)
    }

    func endRowGroup() throws(MarketFileError) {
        held = 0
        do { try writer.endRowGroup() } catch { throw .parquet(error, path: directory) }
    }

    /// Completes the file and gives it its name.
    func finish() throws(MarketFileError) {
        do {
            try writer.finish(keyValues: place.keyValues)
        } catch {
            throw .parquet(error, path: directory)
        }
        do {
            place.complete(self, as: try rename())
        } catch {
            unlink(temporary)
            throw error
        }
    }

    /// Gives up; nothing stays behind.
    func discard() {
        writer.discard()
        unlink(temporary)
        place.forget(self)
    }

    /// Names the file, with `-1`, `-2` and so on where the name is taken.
    private func rename() throws(MarketFileError) -> String {
        var collision = 0
        while true {
            let path = "\(directory)/\(name(collision))"
            if moveWithoutReplacing(temporary, path) { return path }
            guard errno == EEXIST else { throw .rename(path: path, reason: String(cString: strerror(errno))) }
            collision += 1
        }
    }

    private func name(_ collision: Int) -> String {
        MarketFileName.name(
            symbol: symbol,
            type: type,
            stage: stage,
            stamp: earliest ?? 0,
            collision: collision
        )
    }
}

/// Moves a file; false with `EEXIST` where the target exists: nothing is ever replaced.
private func moveWithoutReplacing(_ source: String, _ target: String) -> Bool {
    if link(source, target) == 0 {
        unlink(source)
        return true
    }
    if errno == EEXIST { return false }
    // A file system without hard links.
    if access(target, F_OK) == 0 {
        errno = EEXIST
        return false
    }
    return Glibc.rename(source, target) == 0
}
