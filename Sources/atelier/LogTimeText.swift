import MarketModel

/// Times of a log for people: RFC 3339, or nanoseconds where they pass what a signed number holds.
enum LogTimeText {
    static func shown(_ time: UInt64) -> String {
        Int64(exactly: time).map { UnixTime.rfc3339($0) } ?? "\(time) ns"
    }
}
