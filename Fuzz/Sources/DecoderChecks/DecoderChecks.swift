package import Exchanges
package import MarketModel
import OrderBooks

/// A decoder that reads frames in the usual order and one that searches all members: whatever the bytes, they say the
/// same, and the books that follow stay sorted.
package struct DecoderCheck {
    private var ordered: any FrameDecoder
    private var searching: any FrameDecoder
    private var orderedBatch = EventBatch()
    private var searchingBatch = EventBatch()
    private let rules: BookRules

    /// Both have seen the venue's fixtures, so that the instruments are known.
    package init(_ exchange: any Exchange, _ market: Market) {
        let venue = orderedBatch.instruments.venue(exchange: exchange.name, market: market)
        _ = searchingBatch.instruments.venue(exchange: exchange.name, market: market)
        rules = exchange.bookRules
        ordered = exchange.makeDecoder(market: market, venue: venue)
        searching = exchange.makeSearchingDecoder(market: market, venue: venue)
        for _ in 0..<2 {
            for frame in Fixtures.of(exchange.name) { decode(Array(frame.utf8).span.bytes) }
        }
        ordered.connectionReset()
        searching.connectionReset()
    }

    /// Decodes a frame both ways; stops the program if they differ.
    package mutating func decode(_ frame: RawSpan) {
        orderedBatch.removeAll()
        searchingBatch.removeAll()
        let first = ordered.decode(frame, receiveTime: 5, into: &orderedBatch)
        let second = searching.decode(frame, receiveTime: 5, into: &searchingBatch)
        let (one, other) = (
            eventText(orderedBatch, first, ordered), eventText(searchingBatch, second, searching)
        )
        precondition(one == other, "in order: \(one)\nsearching: \(other)")
        for book in orderedBatch.books {
            var keeper = BookKeeper()
            _ = keeper.apply(book, levels: orderedBatch.levels.span, connection: 0, rules: rules)
            precondition(keeper.book.invariantsHold)
        }
    }
}
