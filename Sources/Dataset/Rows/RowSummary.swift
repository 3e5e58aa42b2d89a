package import MarketModel

/// Facts about an instrument's rows, gathered during a replay.
package struct RowSummary: Equatable, Sendable {
    /// The label of the first row and of the last, nanoseconds since the Unix epoch.
    package var span: ClosedRange<Int64>?
    /// When the first row was known and when the last, nanoseconds since the Unix epoch.
    package var available: ClosedRange<Int64>?
    /// How many rows had a gap.
    package var gaps = 0
    /// How many rows the data ended in.
    package var partials = 0
    /// The number of rows that do not follow the one before.
    package var jumps = 0
    /// The number of rows without a reference price.
    package var unpriced = 0
    /// The most rows in succession without a gap, a jump or a missing price.
    package var longestRun = 0
    /// Whether the venue's definition of the instrument was recorded, with a tick size.
    package var isDefined = false
    /// The number of rows with a value, by feature.
    package var defined: [Int]

    /// The first value of each feature; 0 without one.
    package var firsts: [Double]
    /// Whether each feature ever had another value than its first.
    package var varies: [Bool]

    init(features: Int) {
        defined = Array(repeating: 0, count: features)
        firsts = Array(repeating: 0, count: features)
        varies = Array(repeating: false, count: features)
    }

    mutating func add(_ row: borrowing DatasetRow) {
        span = (span?.lowerBound ?? row.ts)...row.ts
        available = (available?.lowerBound ?? row.available)...row.available
        if row.flags.contains(.gap) { gaps += 1 }
        if row.flags.contains(.partial) { partials += 1 }
        if row.flags.contains(.startsAnew) { jumps += 1 }
        if row.price == nil { unpriced += 1 }
        for index in defined.indices where row.isPresent[index] {
            if defined[index] == 0 { firsts[index] = row.values[index] }
            defined[index] += 1
            if row.values[index] != firsts[index] { varies[index] = true }
        }
    }
}

extension RowSummary: StateCodable {
    /// Writes or reads all but whether there is a definition, which the collector knows.
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try RowSummary.code(&span, &coder)
        try RowSummary.code(&available, &coder)
        try coder.field("gaps", &gaps)
        try coder.field("partials", &partials)
        try coder.field("jumps", &jumps)
        try coder.field("unpriced", &unpriced)
        try coder.field("longestRun", &longestRun)
        let count = defined.count
        try coder.field("defined", &defined)
        try coder.field("firsts", &firsts)
        try coder.field("varies", &varies)
        guard defined.count == count, firsts.count == count, varies.count == count else {
            throw coder.malformed("\(defined.count) features, not \(count)")
        }
    }

    private static func code(
        _ range: inout ClosedRange<Int64>?,
        _ coder: inout StateCoder
    ) throws(StateError) {
        var ends = range.map { [$0.lowerBound, $0.upperBound] } ?? []
        try coder.field("range", &ends)
        guard ends.isEmpty || ends.count == 2 && ends[0] <= ends[1] else {
            throw coder.malformed("no range of times")
        }
        range = ends.isEmpty ? nil : ends[0]...ends[1]
    }
}
