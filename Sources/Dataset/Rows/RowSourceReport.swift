import Features
import MarketModel
import Synchronizer

/// What a replay says of itself.
public struct RowSourceReport: Sendable {
    /// The files read, in order.
    public var files: [String] = []
    /// The receive times of the first and last frame, nanoseconds since the Unix epoch; nil without frames.
    public var span: ClosedRange<Int64>?
    /// Counts by name, in order: frames, decode errors, late events and the like.
    public var counts: [(name: String, count: Int)] = []
    /// Digests of the rows by name, in order: 64 hexadecimal digits.
    public var digests: [(name: String, digest: String)] = []
    /// Warnings for the user: damage, many late events.
    public var warnings: [String] = []
    /// Whether a file was damaged or frames were dropped.
    public var isDamaged = false

    /// A report before anything is read.
    public init() {}

    /// Replaces a file's name wherever the report mentions it.
    mutating func rename(_ file: String, to name: String) {
        for position in warnings.indices where warnings[position].hasPrefix(file + ":") {
            warnings[position] = name + warnings[position].dropFirst(file.count)
        }
    }
}
