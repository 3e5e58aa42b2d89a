import MarketModel

/// The content of a stretch of time; neighbours can be merged.
package protocol SeriesBucket: Sendable {
    /// A stretch in which nothing happened.
    init()
    /// Merges the stretch directly after this one.
    mutating func merge(_ later: Self)
}
