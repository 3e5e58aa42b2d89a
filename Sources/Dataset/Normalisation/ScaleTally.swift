import MarketModel

/// What one pass over rows finds for ``ScaleFit``: of some rows, merged with those of others, or of all.
///
/// Merging is exact, so neither the partition of the rows nor any order changes a bit. One process can make and code it,
/// another merge it; ``ScaleFit/tally`` gives what it is read into.
struct ScaleTally: Equatable, Sendable {
    /// The pass, from 0.
    let pass: Int
    /// Those of each feature, in the first pass; else none.
    private(set) var moments: [Moments]
    /// Those of each feature, in later passes; else none.
    private(set) var counts: [RankCounts]
    /// One a feature, where distances from it are counted in place of values.
    private let centers: [Double]?

    /// The first pass.
    init(features: Int) {
        pass = 0
        moments = Array(repeating: Moments(), count: features)
        (counts, centers) = ([], nil)
    }

    /// A later pass.
    init(pass: Int, counts: [RankCounts], centers: [Double]?) {
        self.pass = pass
        moments = []
        self.counts = counts
        self.centers = centers
    }

    /// Adds the unmasked cells of a row.
    mutating func add(_ row: borrowing DatasetRow) {
        for slot in moments.indices where row.isPresent[slot] { moments[slot].add(row.values[slot]) }
        for slot in counts.indices where row.isPresent[slot] {
            let value = row.values[slot]
            counts[slot].add(centers.map { abs(value - $0[slot]) } ?? value)
        }
    }

    /// Adds what other rows gave.
    ///
    /// Precondition: both are of the same pass of the same fit.
    mutating func merge(_ other: ScaleTally) {
        precondition(pass == other.pass && centers == other.centers, "a tally of another pass")
        precondition(
            moments.count == other.moments.count && counts.count == other.counts.count,
            "of other features"
        )
        for slot in moments.indices { moments[slot].merge(other.moments[slot]) }
        for slot in counts.indices { counts[slot].merge(other.counts[slot]) }
    }
}

// The pass, the number of features and what each found; the rest is the fit's.
extension ScaleTally: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var (number, features) = (UInt32(pass), UInt32(moments.count + counts.count))
        try coder.packed("pass", &number)
        try coder.packed("features", &features)
        guard number == pass, features == moments.count + counts.count else {
            throw coder.malformed("\(features) features of pass \(number)")
        }
        for slot in moments.indices { try coder.packed("moments", &moments[slot]) }
        for slot in counts.indices { try coder.packed("counts", &counts[slot]) }
    }
}
