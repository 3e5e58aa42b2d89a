import MarketModel
import Synchronizer

/// The best N levels a side (`book:N`): how far each price lies from the mid, and the size there.
///
/// Offsets are in basis points of the mid, never in ticks: the tick size is not inferred.
enum BookFamily: FeatureFamily {
    /// Beyond this a book is a table of its own: see the order book files.
    static let greatestDepth = 1000

    static var setNames: [String] { ["book:N"] }

    static func set(named name: String) -> [any Feature]? {
        guard name.hasPrefix("book:"), let levels = Int(name.dropFirst(5)),
            (1...greatestDepth).contains(levels)
        else { return nil }
        return (0..<levels).flatMap { level in
            sides.flatMap { side in [offset(side, level), size(side, level)] }
        }
    }

    static func feature(named name: String) -> (any Feature)? {
        let parts = name.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count >= 3, let level = Int(parts[2]), (0..<greatestDepth).contains(level) else {
            return nil
        }
        for side in sides {
            for feature in [offset(side, level), size(side, level)] where feature.info.name == name {
                return feature
            }
        }
        return nil
    }

    private static let sides = ["bid", "ask"]

    private static func number(_ level: Int) -> String { level < 10 ? "0\(level)" : "\(level)" }

    private static func offset(_ side: String, _ level: Int) -> any Feature {
        let isBid = side == "bid"
        let info = FeatureInfo(
            name: "\(side)_px_\(number(level))_bps",
            formula: "10000 * (price of \(side) level \(level) - mid) / mid",
            unit: "bps of the mid",
            undefined: "no synced book, crossed, a side empty, or fewer levels (of --depth)",
            source: "atelier-data, book levels"
        )
        return RowFeature(info: info) { row, facts in
            guard let mid = facts.mid, let book = row.orderbook else { return nil }
            let levels = isBid ? book.bids : book.asks
            guard level < levels.count else { return nil }
            return RowFeature.ratio(10_000 * (levels[level].price.doubleValue - mid), mid)
        }
    }

    private static func size(_ side: String, _ level: Int) -> any Feature {
        let isBid = side == "bid"
        let info = FeatureInfo(
            name: "\(side)_sz_\(number(level))",
            formula: "size at \(side) level \(level)",
            unit: "as on the wire: base, inverse quote",
            undefined: "no synced book, crossed, or fewer levels (of --depth)",
            source: "atelier-data, book levels"
        )
        return RowFeature(info: info) { row, _ in
            guard let book = row.orderbook, !book.isCrossed else { return nil }
            let levels = isBid ? book.bids : book.asks
            return level < levels.count ? levels[level].size.doubleValue : nil
        }
    }
}
