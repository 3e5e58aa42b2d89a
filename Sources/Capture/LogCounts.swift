import ByteCoding
import Exchanges
import Glibc
import MarketModel
import Recording

/// What was written.
struct LogCounts: Sendable {
    /// Received frames in the log.
    var frames: UInt64 = 0
    /// Their bytes.
    var frameBytes: UInt64 = 0
    /// Bytes of finished files.
    var bytes: UInt64 = 0
    /// Files begun.
    var files = 0
    /// Frames that could not be written or were lost again.
    var dropped: UInt64 = 0
    /// Files left under their `.partial` name.
    var torn: [Torn] = []

    /// A file left under its `.partial` name.
    struct Torn: Sendable {
        var path: String
        var reason: String
    }
}
