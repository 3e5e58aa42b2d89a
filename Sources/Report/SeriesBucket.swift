import MarketModel

/// What a stretch of time holds; two neighbours merge into one.
package protocol SeriesBucket: Sendable {
    /// A stretch in which nothing happened.
    init()
    /// Takes in what the stretch right behind this one holds.
    mutating func merge(_ later: Self)
}
