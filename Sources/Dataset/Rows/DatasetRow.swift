package import MarketModel

/// A row in a spill file: times, reference price, flags and unscaled features.
package struct DatasetRow: Equatable, Sendable {
    /// The row's label, its right edge: nanoseconds since the Unix epoch.
    package var ts: Int64 = 0
    /// The receive time of the frame at which it was emitted: nanoseconds since the Unix epoch.
    package var available: Int64 = 0
    /// The reference price of labels as the nearest double, nil where missing or too old.
    package var price: Double?
    /// The same price without rounding.
    package var exactPrice: ExactPrice?
    /// What can be trusted of it.
    package var flags: Flags = []
    /// The features; 0 where absent.
    package var values: [Double]
    /// Which features are there.
    package var isPresent: [Bool]

    package init(features: Int) {
        values = Array(repeating: 0, count: features)
        isPresent = Array(repeating: false, count: features)
    }

    /// What can be trusted of a row.
    package struct Flags: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The book was gapped or a feed not live at some time in its period.
        package static let gap = Flags(rawValue: 1)
        /// The data ended before its edge.
        package static let partial = Flags(rawValue: 2)
        /// The row does not follow the one before.
        package static let startsAnew = Flags(rawValue: 4)
        /// The end of the log emitted the row, not a frame.
        package static let final = Flags(rawValue: 8)
    }

    /// What labels need of it.
    package var path: PathRow {
        PathRow(
            ts: ts,
            available: available,
            price: exactPrice,
            isBroken: !flags.isDisjoint(with: [.gap, .partial]),
            startsAnew: flags.contains(.startsAnew)
        )
    }

    /// Same bits everywhere.
    package func isIdentical(to other: DatasetRow) -> Bool {
        ts == other.ts && available == other.available && price?.bitPattern == other.price?.bitPattern
            && hasIdenticalPrice(other.exactPrice) && flags == other.flags && isPresent == other.isPresent
            && zip(values, other.values).allSatisfy { $0.bitPattern == $1.bitPattern }
    }

    private func hasIdenticalPrice(_ other: ExactPrice?) -> Bool {
        guard let exactPrice, let other else { return exactPrice == nil && other == nil }
        return exactPrice.isIdentical(to: other)
    }
}
