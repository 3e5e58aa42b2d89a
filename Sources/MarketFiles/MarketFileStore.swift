import Glibc
import MarketModel
import Parquet

/// The destination of a writer's files, and what they have in common.
final class MarketFileStore {
    let root: String
    let folders: FolderLayout
    /// Stored in every file that is completed from now on.
    var keyValues: [KeyValue]
    /// Whether files are made in memory instead of on disk.
    let isInMemory: Bool
    /// The encoding buffers, which the files share.
    let pool: EncodingPool
    /// The files completed so far, in order.
    private(set) var finished: [String] = []
    /// Those completed in memory.
    private(set) var images: [MarketFileImage] = []
    private var number = 0
    private var made: [String] = []
    private var open: [PendingFile] = []
    private var held = 0
    private let limit: Int

    init(root: String, _ options: MarketFileOptions, isInMemory: Bool) {
        self.root = root
        self.isInMemory = isInMemory
        folders = options.folders
        keyValues = options.metadata.map { KeyValue($0.key, $0.value) }
        limit = options.bufferBytes
        var encoding = ParquetWriterOptions()
        if options.encoding == .plain { encoding.encoding = .plain }
        pool = EncodingPool(encoding)
    }

    /// The folder of an instrument's files, created if needed.
    func folder(
        _ type: MarketDataType,
        _ stage: MarketFileStage,
        _ instrument: Instrument,
        time: Int64
    ) throws(MarketFileError) -> String {
        var path = "\(root)/\(stage.folder)\(type.folder)"
        if folders == .hive {
            path += "/exchange=\(MarketFileName.partition(instrument.exchange))"
            path += "/market=\(instrument.market.rawValue)"
            path += "/symbol=\(MarketFileName.partition(instrument.symbol))"
            path += "/date=\(UnixTime.rfc3339(time, fractionDigits: 0).prefix(10))"
        }
        if !isInMemory { made += try MarketFileStore.make(path) }
        return path
    }

    /// A number unique in this run.
    func nextNumber() -> Int {
        number += 1
        return number
    }

    /// Makes a folder and its parents; returns the paths that were created.
    static func make(_ path: String) throws(MarketFileError) -> [String] {
        var made: [String] = []
        var partial = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            partial +=
                partial.isEmpty && part.isEmpty ? "/" : (partial.isEmpty || partial == "/" ? "" : "/") + part
            if mkdir(partial, 0o777) == 0 {
                made.append(partial)
            } else if errno != EEXIST {
                throw .directory(path: partial, reason: String(cString: strerror(errno)))
            }
        }
        return made
    }

    // MARK: - Memory

    func begin(_ file: PendingFile) { open.append(file) }

    func complete(_ file: PendingFile, as path: String) {
        forget(file)
        finished.append(path)
    }

    func complete(_ file: PendingFile, as image: MarketFileImage) {
        forget(file)
        images.append(image)
    }

    /// The bytes of all open files made in memory.
    var openBytes: Int { open.reduce(0) { $0 + $1.bytes } }

    func forget(_ file: PendingFile) {
        held -= file.held
        open.removeAll { $0 === file }
    }

    /// Counts more bytes held by a file; over the limit the largest file ends its row group.
    func hold(_ bytes: Int) throws(MarketFileError) {
        held += bytes
        while held > limit, let largest = open.max(by: { $0.held < $1.held }), largest.held > 0 {
            held -= largest.held
            try largest.endRowGroup()
        }
    }

    /// Waits until the names of the completed files are on disk.
    func synchronizeFolders() {
        var folders: [String] = []
        for path in finished {
            let folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
            if !folders.contains(folder) { folders.append(folder) }
        }
        for folder in folders {
            let descriptor = Glibc.open(folder, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            fsync(descriptor)
            close(descriptor)
        }
    }

    // MARK: - Giving up

    /// Removes the completed files, and the created folders if they are empty.
    func discard() {
        for path in finished { unlink(path) }
        for folder in made.reversed() { rmdir(folder) }
        finished.removeAll()
        images.removeAll()
        made.removeAll()
    }
}
