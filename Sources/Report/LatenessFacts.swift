/// How late the late trades and liquidations were.
package struct LatenessFacts: Sendable {
    /// How many.
    package var count = 0
    /// The number of trades and liquidations that have a row or should have had one.
    package var placed = 0
    /// The number no later than each bound, nanoseconds, in ascending order.
    package var cumulative: [(nanoseconds: Int64, count: Int)] = []
    /// The greatest lateness, nanoseconds.
    package var greatest: Int64 = 0
    /// The watermark delay that would have kept 99.9 %, nanoseconds.
    package var suggested: Int64 = 0
    /// The same as written on the command line.
    package var suggestion = ""

    /// Facts without late events.
    package init() {}
}
