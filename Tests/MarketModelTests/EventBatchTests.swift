import MarketModel
import Testing

@Suite("A batch of events")
struct EventBatchTests {
    @Test("goes back to a mark: what came before stays, what came after is gone, of every kind")
    func rewinds() throws {
        var batch = EventBatch()
        let venue = batch.instruments.venue(exchange: "any", market: .spot)
        let name = Array("X".utf8)
        let instrument = batch.instruments.index(of: name.span.bytes, venue: venue)
        EventBatchTests.appendOfEach(instrument, 1, to: &batch)
        batch.errorCount = 3
        batch.frameTime = 7
        let mark = batch.mark()
        EventBatchTests.appendOfEach(instrument, 2, to: &batch)
        EventBatchTests.appendOfEach(instrument, 3, to: &batch)
        // Levels of a message that never became one.
        batch.levels.append(PriceLevel(price: .zero, size: .zero))
        batch.rewind(to: mark)
        #expect(batch.order.count == 6 && batch.levels.count == 1)
        #expect(batch.books.map(\.receiveTime) == [1] && batch.trades.map(\.receiveTime) == [1])
        #expect(batch.liquidations.map(\.receiveTime) == [1] && batch.fundingRates.map(\.receiveTime) == [1])
        #expect(batch.openInterests.map(\.receiveTime) == [1] && batch.statuses.map(\.receiveTime) == [1])
        #expect(batch.errorCount == 3 && batch.frameTime == 7)
        batch.rewind(to: batch.mark())
        #expect(batch.order.count == 6)
        for count in [1, 2] {
            batch.removeAll()
            #expect(
                batch.order.isEmpty && batch.levels.isEmpty && batch.books.isEmpty && batch.statuses.isEmpty
            )
            #expect(batch.trades.isEmpty && batch.liquidations.isEmpty && batch.openInterests.isEmpty)
            #expect(batch.fundingRates.isEmpty && batch.errorCount == 0 && batch.frameTime == nil)
            for _ in 0..<count { EventBatchTests.appendOfEach(instrument, 4, to: &batch) }
            #expect(batch.order.count == 6 * count)
        }
    }

    /// One event of every kind, received at `time`.
    private static func appendOfEach(_ instrument: InstrumentIndex, _ time: Int64, to batch: inout EventBatch)
    {
        batch.levels.append(PriceLevel(price: .zero, size: .zero))
        batch.append(
            BookUpdate(
                instrument: instrument,
                isSnapshot: false,
                depth: 0,
                firstLevel: batch.levels.count - 1,
                bidCount: 1,
                askCount: 0,
                exchangeTime: nil,
                receiveTime: time
            )
        )
        batch.append(
            Trade(
                instrument: instrument,
                side: .buy,
                price: .zero,
                size: .zero,
                id: .none,
                exchangeTime: 0,
                receiveTime: time
            )
        )
        batch.append(
            Liquidation(
                instrument: instrument,
                side: .buy,
                price: .zero,
                size: .zero,
                exchangeTime: 0,
                receiveTime: time
            )
        )
        batch.append(
            FundingRate(
                instrument: instrument,
                rate: .zero,
                nextFundingTime: nil,
                intervalHours: nil,
                exchangeTime: 0,
                receiveTime: time
            )
        )
        batch.append(
            OpenInterest(
                instrument: instrument,
                openInterest: .zero,
                value: nil,
                markPrice: nil,
                exchangeTime: 0,
                receiveTime: time
            )
        )
        batch.append(
            FeedStatus(.live, kinds: .all, instrument: instrument, exchangeTime: nil, receiveTime: time)
        )
    }
}
