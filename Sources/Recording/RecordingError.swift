/// Why a recording cannot be read, written or imported; damage within a file is a ``FileLoss`` instead.
public enum RecordingError: Error, Equatable, CustomStringConvertible {
    /// The file cannot be opened, read or written, or is no MCAP file; the text is complete.
    case file(String)
    /// A line of an import does not match the format.
    case badLine(path: String, line: Int, reason: String)
    /// No frame of an import has a receive time or a venue time.
    case noTimes(path: String)
    /// The frames of a connection do not tell its market.
    case unknownMarket(connection: String, exchange: String)
    /// The first line of an import does not tell its format.
    case unknownFormat(path: String, reason: String)

    /// Whether a flag can supply what the input lacks.
    public var isMissingFlag: Bool {
        switch self {
        case .unknownMarket, .unknownFormat: true
        case .file, .badLine, .noTimes: false
        }
    }

    /// What is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .file(let text): text
        case .badLine(let path, let line, let reason): "\(path): line \(line): \(reason)"
        case .noTimes(let path):
            "\(path): no frame has a receive time or a venue time, so there is no time to order them by"
        case .unknownMarket(let connection, let exchange):
            "connection \(connection): its \(exchange) frames do not tell the market "
                + "(add --market \(connection)=spot, linear, inverse or option)"
        case .unknownFormat(let path, let reason):
            "\(path): \(reason) (try: --format jsonl, cryptofeed, tardis or hftbacktest)"
        }
    }
}
