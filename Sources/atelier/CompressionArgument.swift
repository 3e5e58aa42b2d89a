import ArgumentParser
import ByteCoding
import Exchanges
import MarketModel
import Recording

/// How chunks are compressed, on the command line.
enum CompressionArgument: String, ExpressibleByArgument, CaseIterable {
    case zstd
    case lz4
    case none

    var compression: RecordingWriter.Compression {
        switch self {
        case .zstd: .zstd
        case .lz4: .lz4
        case .none: .none
        }
    }
}
