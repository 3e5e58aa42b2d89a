import MarketModel

/// A venue without regard for speed that numbers each change of its book, bundles changes into deltas and
/// answers what its book was at any number.
struct NaiveVenue {
    struct Delta {
        var first: Int64
        var last: Int64
        var previous: Int64
        var bids: [PriceLevel]
        var asks: [PriceLevel]
    }

    let numbering: SeededScript.Numbering
    /// The book after each change, by its number.
    private(set) var history: [Int64: NaiveBook] = [:]
    /// The numbers of all changes, rising.
    private(set) var numbers: [Int64] = []
    private var book = NaiveBook()
    private var number: Int64 = 1_000

    init(_ numbering: SeededScript.Numbering) { self.numbering = numbering }

    /// Makes a few changes and the delta that tells them.
    mutating func move(_ random: inout some RandomNumberGenerator) -> Delta {
        var delta = Delta(first: 0, last: 0, previous: number, bids: [], asks: [])
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            // At futures other symbols use up numbers in between.
            number += numbering == .spot ? 1 : .random(in: 1...3, using: &random)
            if delta.first == 0 { delta.first = number }
            let isBid = Bool.random(using: &random)
            let change = PriceLevel(
                price: FixedDecimal(
                    mantissa: .random(in: isBid ? 1...40 : 41...80, using: &random),
                    scale: 1
                ),
                size: FixedDecimal(mantissa: .random(in: 0...3, using: &random), scale: 0)
            )
            if isBid { delta.bids.append(change) } else { delta.asks.append(change) }
            book.apply(bids: isBid ? [change] : [], asks: isBid ? [] : [change])
            history[number] = book
            numbers.append(number)
        }
        delta.last = number
        return delta
    }
}
