import MarketModel
import OrderBooks
import Synchronizer

/// Measures from the literature on market microstructure (`microstructure`).
///
/// Rolling features have their window in their name; any other window can be named: `vpin_100`.
enum MicrostructureFamily: FeatureFamily {
    /// The windows of rolling features, rows.
    static let windows = 2...100_000
    private static let usualWindow = 50

    static var setNames: [String] { ["microstructure"] }

    static func set(named name: String) -> [any Feature]? { name == "microstructure" ? all : nil }

    static func feature(named name: String) -> (any Feature)? {
        if let feature = all.first(where: { $0.info.name == name }) { return feature }
        guard let mark = name.lastIndex(of: "_"), let window = Int(name[name.index(after: mark)...]),
            windows.contains(window)
        else { return nil }
        return rolling(window: window).first { $0.info.name == name }
    }

    static func range(of name: String) -> String? {
        let known = rolling(window: usualWindow).map { $0.info.name.dropLast("\(usualWindow)".count) }
        guard let stem = known.first(where: { name.hasPrefix($0) }), Int(name.dropFirst(stem.count)) != nil
        else { return nil }
        return "a window of \(windows.lowerBound)...\(windows.upperBound) rows"
    }

    private static let all: [any Feature] =
        [microprice] + [1, 5, 10].map(queueImbalance) + [OrderFlowImbalance(), spread]
        + [5, 10, 25].flatMap { [depth("bid", within: $0), depth("ask", within: $0)] } + [signedVolume]
        + rolling(window: usualWindow) + ages

    private static func rolling(window: Int) -> [any Feature] {
        [RealizedVolatility(window: window), FlowToxicity(window: window), PriceImpact(window: window)]
    }

    private static let noTop = "no synced book, crossed, or a side empty"

    private static let microprice: any Feature = RowFeature(
        info: FeatureInfo(
            name: "microprice",
            formula: "(bid * ask size + ask * bid size) / (bid size + ask size), best levels",
            unit: "quote",
            undefined: noTop,
            source: "Gatheral, Oomen 2010, doi:10.1007/s00780-009-0120-1"
        )
    ) { _, facts in
        facts.top.flatMap { Microprice.nearest($0.bestBid, $0.bestAsk) }
    }

    private static func queueImbalance(_ levels: Int) -> any Feature {
        var info = FeatureInfo(
            name: "queue_imbalance_\(levels)",
            formula: "(sum of bid sizes - sum of ask sizes) / (sum of both), best \(levels) a side",
            unit: "[-1, 1]",
            undefined: "no synced book, crossed, or both sides empty",
            source: "Gould, Bonart 2016, doi:10.1142/S2382626616500064"
        )
        info.levels = levels
        return RowFeature(info: info) { row, _ in
            guard let book = row.orderbook, !book.isCrossed else { return nil }
            return Imbalance.nearest(
                SizeSum(book.bids.span, limit: levels),
                SizeSum(book.asks.span, limit: levels)
            )
        }
    }

    private static let spread: any Feature = RowFeature(
        info: FeatureInfo(
            name: "spread_bps",
            formula: "10000 * (best ask - best bid) / mid",
            unit: "bps of the mid",
            undefined: noTop,
            source: "atelier-data"
        )
    ) { _, facts in
        // The ask is half the spread from the mid.
        guard let top = facts.top else { return nil }
        return ExactOffset.basisPoints(top.bestAsk.price, from: top.bestBid.price, top.bestAsk.price)
            .map { 2 * $0 }
    }

    private static func depth(_ side: String, within bps: Int) -> any Feature {
        let isBid = side == "bid"
        let sign = isBid ? "-" : "+"
        let info = FeatureInfo(
            name: "depth_\(side)_\(bps)bps",
            formula:
                "sum of \(side) sizes whose price is within mid * (1 \(sign) \(bps) / 10000), of the best "
                + "--depth levels",
            unit: "as on the wire: base, inverse quote",
            undefined: noTop,
            source: "atelier-data"
        )
        return RowFeature(info: info) { row, facts in
            guard let top = facts.top, let book = row.orderbook else { return nil }
            let points = isBid ? -bps : bps
            var sum = 0.0
            for level in isBid ? book.bids : book.asks {
                let side = ExactOffset.side(
                    of: level.price,
                    from: top.bestBid.price,
                    top.bestAsk.price,
                    points: points
                )
                guard isBid ? side >= 0 : side <= 0 else { break }
                sum += level.size.doubleValue
            }
            return sum
        }
    }

    private static let signedVolume: any Feature = RowFeature(
        info: FeatureInfo(
            name: "signed_volume",
            formula: "volume of trades whose taker buys - volume of trades whose taker sells",
            unit: "base",
            undefined: "trades not observed throughout the period",
            source: "Lee, Ready 1991, doi:10.1111/j.1540-6261.1991.tb02683.x, sides as the venue says"
        )
    ) { _, facts in facts.amounts?.signedVolume }

    private static let ages: [any Feature] = [
        age("book_age_ms", "ts - time of the book's last message") { $0.bookAge },
        age("funding_age_ms", "ts - time of the latest funding rate") { $0.fundingAge },
        age("interest_age_ms", "ts - time of the latest open interest") { $0.interestAge },
    ]

    private static func age(
        _ name: String,
        _ formula: String,
        _ pick: @escaping @Sendable (MarketAggregate) -> Int64?
    ) -> any Feature {
        let info = FeatureInfo(
            name: name,
            formula: formula,
            unit: "ms",
            undefined: "none yet (a book: not synced)",
            source: "atelier-data"
        )
        return RowFeature(info: info) { _, facts in pick(facts.aggregate).map { Double($0) / 1e6 } }
    }
}
