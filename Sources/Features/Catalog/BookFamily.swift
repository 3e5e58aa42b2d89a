import MarketModel
import Synchronizer

/// The best N levels a side (`book:N`): each price's distance from the mid, and its size.
///
/// Offsets are in basis points of the mid, or in ticks (`book:N:ticks`) where a definition of the instrument was
/// recorded: the tick size is never inferred.
enum BookFamily: FeatureFamily {
    /// Deeper books belong in order book files, not in feature columns.
    static let greatestDepth = 1000

    static var setNames: [String] { ["book:N", "book:N:ticks"] }

    static func set(named name: String) -> [any Feature]? {
        if name == levelsKnown.info.name { return [levelsKnown] }
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 || (parts.count == 3 && parts[2] == "ticks"), parts[0] == "book",
            let levels = Int(parts[1]), (1...greatestDepth).contains(levels)
        else { return nil }
        let offset = parts.count == 3 ? ticks : basisPoints
        return (0..<levels).flatMap { level in
            sides.flatMap { side in [offset(side, level), size(side, level)] }
        }
    }

    static func feature(named name: String) -> (any Feature)? {
        if name == levelsKnown.info.name { return levelsKnown }
        let parts = name.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count >= 3, let level = Int(parts[2]), (0..<greatestDepth).contains(level) else {
            return nil
        }
        for side in sides {
            for feature in [basisPoints(side, level), ticks(side, level), size(side, level)]
            where feature.info.name == name {
                return feature
            }
        }
        return nil
    }

    static func range(of name: String) -> String? {
        let parts = name.split { $0 == ":" || $0 == "_" }
        if name.hasPrefix("book:"), parts.count == 2 || (parts.count == 3 && parts[2] == "ticks") {
            return "1...\(greatestDepth) levels"
        }
        let isColumn = parts.count >= 3 && sides.contains(String(parts[0])) && Int(parts[2]) != nil
        return isColumn && ["px", "sz"].contains(parts[1]) ? "levels 00...\(greatestDepth - 1)" : nil
    }

    private static let sides = ["bid", "ask"]

    /// A venue's snapshot may hold the best levels alone: what lies beyond is unknown, and no row shows it.
    private static let levelsKnown: any Feature = {
        let info = FeatureInfo(
            name: "book_levels_known",
            formula: "the lesser number of levels known of both sides, at most --depth",
            unit: "count",
            undefined: "no synced book, or crossed",
            source: "atelier-data, book levels"
        )
        return RowFeature(info: info) { row, _ in
            guard let book = row.orderbook, !book.isCrossed else { return nil }
            return Double(min(book.bids.count, book.asks.count))
        }
    }()

    private static func number(_ level: Int) -> String { level < 10 ? "0\(level)" : "\(level)" }

    private static func basisPoints(_ side: String, _ level: Int) -> any Feature {
        let isBid = side == "bid"
        var info = FeatureInfo(
            name: "\(side)_px_\(number(level))_bps",
            formula: "10000 * (price of \(side) level \(level) - mid) / mid",
            unit: "bps of the mid",
            undefined: "no synced book, crossed, a side empty, or fewer levels (of --depth)",
            source: "atelier-data, book levels"
        )
        info.levels = level + 1
        return RowFeature(info: info) { row, facts in
            guard let top = facts.top, let book = row.orderbook else { return nil }
            let levels = isBid ? book.bids : book.asks
            guard level < levels.count else { return nil }
            return ExactOffset.basisPoints(levels[level].price, from: top.bestBid.price, top.bestAsk.price)
        }
    }

    private static func ticks(_ side: String, _ level: Int) -> any Feature {
        let isBid = side == "bid"
        var info = FeatureInfo(
            name: "\(side)_px_\(number(level))_ticks",
            formula: "(price of \(side) level \(level) - mid) / tick size",
            unit: "ticks of the recorded definition",
            undefined:
                "no definition recorded before the row, no synced book, crossed, a side empty, or fewer levels "
                + "(of --depth)",
            source: "atelier-data, book levels"
        )
        info.levels = level + 1
        info.needsDefinition = true
        return RowFeature(info: info) { row, facts in
            guard let tick = facts.tickSize, let top = facts.top, let book = row.orderbook else { return nil }
            let levels = isBid ? book.bids : book.asks
            guard level < levels.count else { return nil }
            return ExactOffset.ticks(
                levels[level].price,
                from: top.bestBid.price,
                top.bestAsk.price,
                tick: tick
            )
        }
    }

    private static func size(_ side: String, _ level: Int) -> any Feature {
        let isBid = side == "bid"
        var info = FeatureInfo(
            name: "\(side)_sz_\(number(level))",
            formula: "size at \(side) level \(level)",
            unit: "as on the wire: base, inverse quote",
            undefined: "no synced book, crossed, or fewer levels (of --depth)",
            source: "atelier-data, book levels"
        )
        info.levels = level + 1
        return RowFeature(info: info) { row, _ in
            guard let book = row.orderbook, !book.isCrossed else { return nil }
            let levels = isBid ? book.bids : book.asks
            return level < levels.count ? levels[level].size.doubleValue : nil
        }
    }
}
