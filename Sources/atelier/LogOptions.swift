public import ArgumentParser
public import Capture
import MarketModel
import Recording

/// Where and how frames are logged, on the command line.
struct LogOptions: ParsableArguments {
    @Option(help: "The folder of the recording's files.", completion: .directory)
    var out: String?

    @Option(help: "A PEM file of authorities to trust instead of the system's.", completion: .file())
    var ca: String?

    @Option(help: "How chunks are compressed: zstd, lz4 or none (default: zstd).")
    var compression: String?

    @Option(help: "Begins a new file at each UTC hour or day: hour, day or never (default: never).")
    var rotate: CapturePlan.RotationPeriod?

    @Option(help: "Begins a new file after this many bytes, at least 65536.")
    var rotateSize: UInt64?

    @Flag(help: "Do not ask for snapshots of the books when a new file begins.")
    var noResync = false

    @Flag(help: "Do not ask the venues for the definitions of their instruments (tick and lot sizes).")
    var noDefinitions = false

    @Option(help: "The largest frame taken, in bytes; a larger one ends its connection (at most 266338304).")
    var maxFrame = 64 << 20

    @Option(help: "A chunk of the log is written at least this often, from 50ms to 1s (default: 1s).")
    var chunkInterval: DurationArgument?

    @Option(help: "The most bytes of frames that wait for the disk.")
    var maxQueue = 256 << 20

    @Option(help: "A connection that is not open after this long is given up (default: 20s).")
    var connectTimeout: DurationArgument?

    @Option(help: "No data for this long ends a connection (default: 60s).")
    var staleness: DurationArgument?

    @Option(
        help:
            "Failed attempts in a row after which attempts become rare, and a session that never connected ends (default: 10)."
    )
    var maxAttempts: Int?

    @Option(help: "Values that a venue gives by REST alone are asked for this often (default: 30s).")
    var poll: DurationArgument?

    @Option(help: "A topic quiet for this long is noted (default: 5s).")
    var gapThreshold: DurationArgument?

    /// Throws on invalid options.
    func check(_ manifest: SessionManifest) throws {
        guard out ?? manifest.folder != nil else { throw ValidationError("name a folder with --out") }
        if let compression, Self.compression(compression) == nil {
            throw ValidationError("--compression is zstd, lz4 or none, found '\(compression)'")
        }
        guard (1 << 10...Self.greatestFrame).contains(maxFrame) else {
            throw ValidationError(
                "--max-frame must be from 1024 to \(Self.greatestFrame) bytes (what is larger cannot be read back), "
                    + "found \(maxFrame)"
            )
        }
        guard rotateSize ?? Self.leastRotation >= Self.leastRotation else {
            throw ValidationError("--rotate-size must be at least \(Self.leastRotation) bytes")
        }
        guard Self.chunkIntervals.contains(chunkInterval?.nanoseconds ?? UnixTime.second) else {
            throw ValidationError("--chunk-interval must be from 50ms to 1s")
        }
        guard poll?.nanoseconds ?? UnixTime.second >= UnixTime.second else {
            throw ValidationError("--poll must be at least 1s")
        }
        guard maxQueue >= 1 << 16 else { throw ValidationError("--max-queue must be at least 65536 bytes") }
        guard maxAttempts ?? 1 >= 1 else { throw ValidationError("--max-attempts must be at least 1") }
        for length in [staleness, gapThreshold, connectTimeout] {
            guard length?.nanoseconds ?? 1 > 0 else {
                throw ValidationError("--staleness, --gap-threshold and --connect-timeout must be above zero")
            }
        }
    }

    /// A chunk with such a frame is still within readers' default limit.
    static let greatestFrame = 254 << 20
    static let chunkIntervals = 50 * UnixTime.millisecond...UnixTime.second
    static let leastRotation: UInt64 = 1 << 16

    static func compression(_ name: String) -> RecordingWriter.Compression? {
        RecordingWriter.Compression.allCases.first { "\($0)" == name }
    }

    /// The capture plan: the manifest's values, overridden by flags.
    func plan(_ connections: [CapturePlan.Connection], _ manifest: SessionManifest) -> CapturePlan {
        var plan = CapturePlan(connections: connections, folder: out ?? manifest.folder ?? ".")
        plan.details = [(key: "program", value: "atelier-data 0.1.0")]
        manifest.complete(&plan)
        plan.authorities = ca ?? plan.authorities
        plan.compression = compression.flatMap(Self.compression) ?? plan.compression
        plan.rotation = rotate ?? plan.rotation
        plan.rotationSize = rotateSize ?? plan.rotationSize
        plan.chunkInterval = chunkInterval?.nanoseconds ?? plan.chunkInterval
        if noResync { plan.resyncsAtRotation = false }
        if noDefinitions { plan.fetchesDefinitions = false }
        plan.frameLimit = maxFrame
        plan.queueLimit = maxQueue
        plan.openLimit = connectTimeout?.nanoseconds ?? plan.openLimit
        plan.staleness = staleness?.nanoseconds ?? plan.staleness
        plan.maximumAttempts = maxAttempts ?? plan.maximumAttempts
        plan.pollInterval = poll?.nanoseconds ?? plan.pollInterval
        plan.silence = gapThreshold?.nanoseconds ?? plan.silence
        return plan
    }
}

extension CapturePlan.RotationPeriod: ExpressibleByArgument {}
