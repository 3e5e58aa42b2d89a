import MarketModel
import Testing

@testable import Synchronizer

/// What waits for rows; periods of 100.
@Suite struct RowAssemblerTests {
    private static let one = FixedDecimal(mantissa: 1, scale: 0)

    /// `t150 l160 f110 o120` wait from those times on, `=200` fills the row up to 200.
    private func rows(_ text: String) -> String {
        var (assembler, row, lines) = (RowAssembler(), MarketSnapshot(), [String]())
        for word in text.split(separator: " ") {
            let time = Int64(word.dropFirst()) ?? 0
            guard word.first == "=" else {
                insert(word.first, time, into: &assembler)
                continue
            }
            let content = assembler.fill(&row, before: time)
            #expect(content.trades == row.trades.count && content.liquidations == row.liquidations.count)
            var words = row.trades.map { "t\($0.exchangeTime)" }
            words += row.liquidations.map { "l\($0.exchangeTime)" }
            if let funding = row.fundingRate { words.append("f\(funding.exchangeTime)") }
            if let interest = row.openInterest { words.append("o\(interest.exchangeTime)") }
            lines.append((["\(time)"] + words).joined(separator: " "))
        }
        return lines.joined(separator: "\n")
    }

    private func insert(_ kind: Character?, _ time: Int64, into rows: inout RowAssembler) {
        let (instrument, one, grid) = (InstrumentIndex(0), RowAssemblerTests.one, Grid(period: 100))
        switch kind {
        case "t":
            rows.insert(
                Trade(
                    instrument: instrument,
                    side: .buy,
                    price: one,
                    size: one,
                    id: .none,
                    exchangeTime: time,
                    receiveTime: time
                ),
                at: time
            )
        case "l":
            rows.insert(
                Liquidation(
                    instrument: instrument,
                    side: .sell,
                    price: one,
                    size: one,
                    exchangeTime: time,
                    receiveTime: time
                ),
                at: time
            )
        case "f":
            rows.insert(
                FundingRate(
                    instrument: instrument,
                    rate: one,
                    nextFundingTime: nil,
                    intervalHours: nil,
                    exchangeTime: time,
                    receiveTime: time
                ),
                at: time,
                grid
            )
        default:
            rows.insert(
                OpenInterest(
                    instrument: instrument,
                    openInterest: one,
                    value: nil,
                    markPrice: nil,
                    exchangeTime: time,
                    receiveTime: time
                ),
                at: time,
                grid
            )
        }
    }

    @Test func aRowHoldsTheEventsBeforeItsEdgeInOrderOfTime() {
        #expect(rows("t150 t120 l199 t200 =200 =300 =400") == "200 t120 t150 l199\n300 t200\n400")
    }

    @Test func statesAreCarriedOn() {
        #expect(rows("f110 f120 o200 =200 =300 f290 f310 =400") == "200 f120\n300 f120 o200\n400 f310 o200")
    }

    @Test func whatWaitsIsKnown() throws {
        var assembler = RowAssembler()
        #expect(assembler.firstTime == nil && assembler.lastTime(before: .max) == nil)
        for (kind, time) in [(Character("l"), Int64(260)), ("t", 120), ("t", 340)] {
            insert(kind, time, into: &assembler)
        }
        #expect(assembler.firstTime == 120 && assembler.lastTime == 340 && assembler.eventCount == 3)
        #expect(assembler.lastTime(before: 340) == 260 && assembler.lastTime(before: 120) == nil)
        #expect(assembler.holds(200, 300) && !assembler.holds(130, 260))
        let dropped = assembler.drop(before: 300)
        #expect(dropped == 2 && assembler.firstTime == 340)
    }

    @Test func aTradeCountsOnce() throws {
        var assembler = RowAssembler()
        let id = try #require(TradeID("x"))
        let (first, second) = (assembler.register(id), assembler.register(id))
        #expect(first && !second && assembler.tradeCount == 1)
    }
}
