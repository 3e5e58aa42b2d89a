import MarketModel

/// What a seeded book waits for: until its seed comes, the deltas since the last break; behind the seed,
/// the first newer delta.
struct BookSeeding: Sendable {
    /// How many levels wait at most, a delta without any counting as one; then the oldest deltas go.
    static let limit = 100_000

    /// Deltas of which each follows the one before, oldest first.
    private(set) var deltas: [BufferedDelta] = []
    private var levelCount = 0
    /// The seed of the book, until a newer delta has followed it.
    var seed: BookSeed?

    /// Adds a delta.
    ///
    /// Cost: its levels, and where the oldest goes all deltas' heads.
    mutating func append(_ delta: BufferedDelta) {
        deltas.append(delta)
        levelCount += BookSeeding.weight(delta)
        var surplus = 0
        while levelCount > BookSeeding.limit {
            levelCount -= BookSeeding.weight(deltas[surplus])
            surplus += 1
        }
        if surplus > 0 { deltas.removeFirst(surplus) }
    }

    /// The index of the first delta that is newer than a seed; nil if none is.
    func firstNewer(than seed: BookSeed) -> Int? { deltas.firstIndex { seed.isOlder(than: $0.number) } }

    mutating func removeAll() {
        // Nearly always there is nothing: an assignment would release storage each time.
        if !deltas.isEmpty { deltas = [] }
        levelCount = 0
        seed = nil
    }

    private static func weight(_ delta: BufferedDelta) -> Int { max(1, delta.levels.count) }
}

extension BookSeeding: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("deltas", &deltas)
        try coder.field("seed", &seed)
        levelCount = deltas.reduce(0) { $0 + BookSeeding.weight($1) }
    }
}
