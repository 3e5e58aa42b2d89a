package import MarketModel

/// What labels need of a row.
package struct PathRow: Equatable, Sendable {
    /// The row's label, nanoseconds since the Unix epoch.
    package var ts: Int64
    /// When the row was known, nanoseconds since the Unix epoch.
    package var available: Int64
    /// The reference price, nil where missing or too old.
    package var price: ExactPrice?
    /// Whether the row has a gap or is partial.
    package var isBroken: Bool
    /// Whether the row does not follow the one before: the clock jumped.
    package var startsAnew: Bool

    package init(
        ts: Int64,
        available: Int64,
        price: ExactPrice?,
        isBroken: Bool = false,
        startsAnew: Bool = false
    ) {
        self.ts = ts
        self.available = available
        self.price = price
        self.isBroken = isBroken
        self.startsAnew = startsAnew
    }
}
