import ArgumentParser
import ByteCoding
import Exchanges
import Glibc
import MarketModel
import Recording
import Simulation

/// What was simulated.
struct SimulatedSummary {
    var frames = 0
    var bytes = 0
    var start: Int64 = 0
    var end: Int64 = 0
    var sha256 = ""
    private var digest = SHA256()
    private static let newline: [UInt8] = [0x0a]

    /// Counts a received frame.
    mutating func count(_ bytes: RawSpan, at time: Int64) {
        if frames == 0 { start = time }
        end = time
        frames += 1
        self.bytes += bytes.byteCount
        digest.update(bytes)
        digest.update(Self.newline.span.bytes)
    }

    /// Ends the digest.
    mutating func finish() {
        sha256 = digest.finishHexadecimal()
    }
}
