import MarketModel

/// A run of rows that a sink has lost.
public struct LostRows: Sendable, Equatable {
    /// How many.
    public private(set) var count: UInt64
    /// The least and the greatest `ts` of them: nanoseconds since the Unix epoch, UTC.
    public private(set) var first: Int64
    /// See ``first``.
    public private(set) var last: Int64

    /// Adds a row labelled `ts`, after those lost before.
    public init(after lost: LostRows?, _ ts: Int64) {
        count = (lost?.count ?? 0) + 1
        first = min(lost?.first ?? ts, ts)
        last = max(lost?.last ?? ts, ts)
    }

    /// Two runs joined; nil if there is neither.
    package static func joined(_ left: LostRows?, _ right: LostRows?) -> LostRows? {
        guard var all = left, let right else { return left ?? right }
        all.count += right.count
        all.first = min(all.first, right.first)
        all.last = max(all.last, right.last)
        return all
    }

    /// How many and where, for people.
    package var text: String {
        "\(count) rows lost, with ts from \(UnixTime.rfc3339(first)) through \(UnixTime.rfc3339(last))"
    }

    /// Key-value metadata for the following files.
    package var facts: [(key: String, value: String)] {
        [
            ("rows_lost_before", String(count)), ("rows_lost_first_ts", String(first)),
            ("rows_lost_last_ts", String(last)),
        ]
    }
}
