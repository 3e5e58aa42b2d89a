import MarketModel

/// The numbers of linked book messages: each holds those of the changes it tells, and names the last of the message
/// before it.
struct LinkedNumbers: Sendable {
    /// Whether all books count together.
    private let isShared: Bool
    /// The latest number: of all books, or of each.
    private var latest: [Int64]
    /// By market: the last number that a message told.
    private var told: [Int64]
    /// By market: the first number not told yet, where a seed holds it already.
    private var begun: [Int64?]

    init(of count: Int, isShared: Bool) {
        self.isShared = isShared
        latest = Array(repeating: 0, count: isShared ? 1 : count)
        told = Array(repeating: 0, count: count)
        begun = Array(repeating: nil, count: count)
    }

    /// A connection opens: numbers go on where they were, at first anywhere.
    mutating func open(_ market: Int, _ random: inout SimulationRandom) {
        let place = isShared ? 0 : market
        if latest[place] == 0 { latest[place] = Int64(random.between(1_000_000, 9_000_000_000)) }
        if told[market] == 0 { told[market] = latest[place] }
    }

    /// The number of a seed that holds so many changes more than messages have told.
    mutating func seed(_ market: Int, changes: Int, _ random: inout SimulationRandom) -> Int64 {
        guard changes > 0 else { return told[market] }
        let first = begun[market] ?? next(market, &random)
        begun[market] = first
        let place = isShared ? 0 : market
        latest[place] = max(latest[place], first) + Int64(changes - 1)
        return latest[place]
    }

    /// The numbers of a message of so many changes.
    mutating func take(
        _ market: Int,
        changes: Int,
        _ random: inout SimulationRandom
    ) -> (number: Int64, link: BookLink) {
        let place = isShared ? 0 : market
        let first: Int64
        if let known = begun[market] {
            first = known
            latest[place] += Int64(max(changes, 1))
        } else {
            first = next(market, &random)
            latest[place] = first + Int64(max(changes, 1) - 1)
        }
        defer { (told[market], begun[market]) = (latest[place], nil) }
        return (latest[place], BookLink(first: first, previous: told[market]))
    }

    /// Between the numbers of a book lie those of others, where all count together.
    private mutating func next(_ market: Int, _ random: inout SimulationRandom) -> Int64 {
        isShared ? latest[0] + Int64(random.between(1, 40)) : latest[market] + 1
    }
}
