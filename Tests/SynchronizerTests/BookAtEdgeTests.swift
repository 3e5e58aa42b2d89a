import MarketModel
import OrderBooks
import Testing

@testable import Synchronizer

/// What a book showed at edges; periods of 100.
@Suite struct BookAtEdgeTests {
    /// `b150` a message, `x170` a reset that gaps it, `=200` the row up to 200: the message it shows and its time.
    private func rows(_ text: String) -> String {
        let (grid, instrument) = (Grid(period: 100), InstrumentIndex(0))
        var (host, lines, emitted) = (NumberedHost(), [String](), Int64.min)
        var book = BookAtEdge(of: instrument, depth: 1, content: .levels)
        var row = MarketSnapshot(instrument: instrument)
        host.books.admit(0)
        for word in text.split(separator: " ") {
            let time = Int64(word.dropFirst()) ?? 0
            if word.first == "=" {
                emitted = time / 100
                book.lend(to: &row.book, at: .edge(emitted), for: &host)
                let shown = row.orderbook.map { "b\($0.bids[0].price.mantissa) \($0.time)" }
                lines.append("\(time) \(shown ?? "\(row.book.view.state)")")
                book.takeBack(&row.book)
                book.pass(emitted, grid)
                continue
            }
            if book.crosses(time) { _ = book.capture(until: time, emitted: emitted, grid, for: &host) }
            if word.first == "b" {
                book.stamp(update(at: time), at: time)
                host.books.messages[0] += 1
                host.books.states[0] = .synced
            } else {
                book.reset(at: time)
                host.books.states[0] = .gapped
            }
        }
        return lines.joined(separator: "\n")
    }

    private func update(at time: Int64) -> BookUpdate {
        BookUpdate(
            instrument: InstrumentIndex(0),
            isSnapshot: true,
            depth: 1,
            firstLevel: 0,
            bidCount: 0,
            askCount: 0,
            exchangeTime: time,
            receiveTime: time
        )
    }

    @Test func aRowShowsTheLastMessageBeforeItsEdge() {
        #expect(rows("b120 b150 =200 =300 b310 =400") == "200 b2 150\n300 b2 150\n400 b3 310")
    }

    @Test func messagesAheadOfTheClockDoNotShowEarlier() {
        #expect(
            rows("b120 b250 b260 b510 =200 =300 =400 =500 =600")
                == "200 b1 120\n300 b3 260\n400 b3 260\n500 b3 260\n600 b4 510"
        )
    }

    @Test func aTimeThatFallsChangesTheBookNow() {
        #expect(rows("b120 b250 b180 =200 =300") == "200 b1 120\n300 b3 250")
    }

    @Test func aResetShowsFromItsTimeOn() {
        #expect(rows("b120 x230 =200 =300 b320 =400") == "200 b1 120\n300 gapped\n400 b2 320")
    }

    @Test func beforeTheFirstMessageThereIsNone() {
        #expect(rows("=100 b210 =200 =300") == "100 awaitingSnapshot\n200 awaitingSnapshot\n300 b1 210")
    }
}
