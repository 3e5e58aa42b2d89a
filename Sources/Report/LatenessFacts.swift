/// How late trades and liquidations were that came too late for their row.
package struct LatenessFacts: Sendable {
    /// How many.
    package var count = 0
    /// How many of all trades and liquidations that have a row or should have had one.
    package var placed = 0
    /// The number no later than each bound, nanoseconds, the least bound first.
    package var cumulative: [(nanoseconds: Int64, count: Int)] = []
    /// The greatest lateness, nanoseconds.
    package var greatest: Int64 = 0
    /// The hold-back that would have kept 99.9 %, nanoseconds.
    package var suggested: Int64 = 0
    /// The same as the command line has it.
    package var suggestion = ""

    /// Nothing was late.
    package init() {}
}
