import MarketModel

/// Log times for people: RFC 3339, or nanoseconds beyond `Int64.max`.
enum LogTimeText {
    static func shown(_ time: UInt64) -> String {
        Int64(exactly: time).map { UnixTime.rfc3339($0) } ?? "\(time) ns"
    }
}
