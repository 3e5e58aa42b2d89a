/// Log times wanted of a recording: nanoseconds since the Unix epoch.
public struct TimeSlice: Equatable, Sendable {
    /// The first time wanted.
    public var from: UInt64
    /// The end of the times wanted, exclusive; nil = to the last.
    public var to: UInt64?

    /// Makes a slice, by default of everything.
    public init(from: UInt64 = 0, to: UInt64? = nil) {
        self.from = from
        self.to = to
    }

    /// Makes a slice of signed times; times before 1970 count as 0.
    public init(from: Int64?, to: Int64?) {
        self.init(from: UInt64(clamping: from ?? 0), to: to.map { UInt64(clamping: $0) })
    }

    /// Whether nothing is left out.
    var isWhole: Bool { from == 0 && to == nil }

    /// Whether a time is after the slice.
    func isPast(_ time: UInt64) -> Bool { to.map { time >= $0 } ?? false }

    func contains(_ time: UInt64) -> Bool { time >= from && !isPast(time) }
}
