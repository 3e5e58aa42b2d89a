import MarketModel
import OrderBooks

/// Feeds a keeper of a seeded book with deltas and seeds given as texts.
struct SeededScript {
    /// How a venue numbers: futures name the delta before, spot counts on.
    enum Numbering: CaseIterable {
        case futures
        case spot
    }

    var keeper = BookKeeper()
    var numbering = Numbering.futures
    var time: Int64 = 0
    var connection: Int32 = 0
    static let rules = BookRules(isSeeded: true, sharesNumbers: true)

    mutating func seed(
        _ number: Int64,
        _ bids: String = "10@1 9@1",
        _ asks: String = "11@1 12@1",
        isCut: Bool = false
    ) throws -> BookOutcome {
        try seed(number, try levels(bids), try levels(asks), isCut: isCut)
    }

    mutating func seed(
        _ number: Int64,
        _ bids: [PriceLevel],
        _ asks: [PriceLevel],
        isCut: Bool
    ) throws -> BookOutcome {
        let link = BookLink(first: numbering == .spot ? number + 1 : number, previous: 0)
        return try send(true, number, link, bids, asks, isCut: isCut)
    }

    /// Of numbers `first...last`; `previous` is left out where numbers count on.
    mutating func delta(
        _ first: Int64,
        _ last: Int64,
        after previous: Int64? = nil,
        _ bids: String = "10@2",
        _ asks: String = ""
    ) throws -> BookOutcome {
        try delta(first, last, after: previous, try levels(bids), try levels(asks))
    }

    mutating func delta(
        _ first: Int64,
        _ last: Int64,
        after previous: Int64?,
        _ bids: [PriceLevel],
        _ asks: [PriceLevel]
    ) throws -> BookOutcome {
        let link = BookLink(first: first, previous: previous ?? first - 1)
        return try send(false, last, link, bids, asks, isCut: false)
    }

    private mutating func send(
        _ isSnapshot: Bool,
        _ number: Int64,
        _ link: BookLink,
        _ bids: [PriceLevel],
        _ asks: [PriceLevel],
        isCut: Bool
    ) throws -> BookOutcome {
        // A level before them: ranges need not start at zero.
        let all = try [level("1", "1")] + bids + asks
        var update = BookUpdate(
            instrument: InstrumentIndex(0),
            isSnapshot: isSnapshot,
            depth: 0,
            firstLevel: 1,
            bidCount: bids.count,
            askCount: asks.count,
            updateID: number,
            exchangeTime: nil,
            receiveTime: time
        )
        update.link = link
        (update.hasAllBids, update.hasAllAsks) = (!isCut, !isCut)
        return keeper.apply(update, levels: all.span, connection: connection, rules: Self.rules)
    }
}
