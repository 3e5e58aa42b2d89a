public import MarketModel

// Tickers, which the book is compared with.
extension BookKeeper {
    /// Compares a ticker with the book, once that is at its number; not one that another connection has
    /// brought.
    ///
    /// One without a number is compared with the book of its own connection, and if that is another once more after its
    /// next message.
    public mutating func check(_ top: BookTop, on connection: Int32 = 0) {
        guard let number = top.number else {
            guard self.connection == connection, book.state == .synced else { return }
            if isSame(top) { counts.topsVerified += 1 } else { tops.waitForNext(top) }
            return
        }
        let isCopy = brought.hasCopy(number, BroughtNumbers.tickers, besides: connection)
        brought.add(number, after: nil, BroughtNumbers.tickers, by: connection)
        if !isCopy, tops.isDue(top, at: number) { compare(top) }
    }

    mutating func compareTops(at number: Int64) {
        for top in tops.move(to: number) { compare(top) }
    }

    /// Compares the tickers that overtook the message that was applied.
    @inline(never)
    mutating func compareOvertaking() {
        for index in tops.overtaking.indices { compare(tops.overtaking[index]) }
        tops.removeOvertaking()
    }

    private mutating func compare(_ top: BookTop) {
        if isSame(top) { counts.topsVerified += 1 } else { counts.topsFailed += 1 }
    }

    private func isSame(_ top: BookTop) -> Bool {
        let bid = book.bidCount > 0 ? book.bid(at: 0) : nil
        let ask = book.askCount > 0 ? book.ask(at: 0) : nil
        return BookKeeper.isSame(bid, top.bid) && BookKeeper.isSame(ask, top.ask)
    }

    private static func isSame(_ level: PriceLevel?, _ stated: PriceLevel) -> Bool {
        guard let level else { return stated.price.isZero }
        return level.price == stated.price && (stated.size.isZero || level.size == stated.size)
    }
}
