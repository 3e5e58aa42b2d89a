package import Exchanges
package import MarketModel
import OrderBooks

/// A decoder with its fast path and one without: whatever the bytes, they say the same, and the books
/// that follow stay sorted.
package struct DecoderCheck {
    private var fast: any FrameDecoder
    private var tolerant: any FrameDecoder
    private var fastBatch = EventBatch()
    private var tolerantBatch = EventBatch()
    private let rules: BookRules

    /// Both have seen the venue's fixtures, so that the fast path knows the instruments.
    package init(_ exchange: any Exchange, _ market: Market) {
        let venue = fastBatch.instruments.venue(exchange: exchange.name, market: market)
        _ = tolerantBatch.instruments.venue(exchange: exchange.name, market: market)
        rules = exchange.bookRules
        fast = exchange.makeDecoder(market: market, venue: venue)
        tolerant = exchange.makeTolerantDecoder(market: market, venue: venue)
        for _ in 0..<2 {
            for frame in Fixtures.of(exchange.name) { decode(Array(frame.utf8).span.bytes) }
        }
        fast.connectionReset()
        tolerant.connectionReset()
    }

    /// Decodes a frame both ways; stops the program if they differ.
    package mutating func decode(_ frame: RawSpan) {
        fastBatch.removeAll()
        tolerantBatch.removeAll()
        let first = fast.decode(frame, receiveTime: 5, into: &fastBatch)
        let second = tolerant.decode(frame, receiveTime: 5, into: &tolerantBatch)
        let (one, other) = (eventText(fastBatch, first, fast), eventText(tolerantBatch, second, tolerant))
        precondition(one == other, "fast: \(one)\ntolerant: \(other)")
        for book in fastBatch.books {
            var keeper = BookKeeper()
            _ = keeper.apply(book, levels: fastBatch.levels.span, connection: 0, rules: rules)
            precondition(keeper.book.invariantsHold)
        }
    }
}
