/// Finds values of given ranks exactly, in four passes over data that is never held in memory.
///
/// Doubles map to integers of the same order; each pass counts one further digit of 16 bits of those that match a
/// result so far.
struct RankSearch: Sendable {
    private struct Goal {
        /// The digits known.
        var prefix: UInt64 = 0
        /// The rank among the values that begin with them.
        var rank: Int
    }

    private var goals: [Goal]
    private var digit = 0

    /// Searches for the values at `ranks` in ascending order, each from 0 and below the number of values.
    init(ranks: [Int]) { goals = ranks.map { Goal(rank: $0) } }

    static let passes = 4

    /// What the next pass counts, still without values.
    var counts: RankCounts { RankCounts(prefixes: Set(goals.map(\.prefix)), digit: digit) }

    /// Ends a pass, with the merged counts of all values.
    mutating func endPass(_ counts: RankCounts) {
        for index in goals.indices {
            let found = counts.find(goals[index].rank, after: goals[index].prefix)
            let (number, rank) = found ?? (.max, 0)
            goals[index] = Goal(prefix: goals[index].prefix << 16 | UInt64(number), rank: rank)
        }
        digit += 1
    }

    /// The values, after all passes.
    var values: [Double] {
        goals.map { goal in
            let key = goal.prefix
            return Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
        }
    }
}
