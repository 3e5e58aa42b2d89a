import MarketModel
import Testing

@testable import Synchronizer

/// Timelines in ms, periods of 100 ms.
@Suite struct TimelineTests {
    @Test func theFirstDrivingEventOnlyAnchors() throws {
        let text = try rows(of: "t150 t250 t420", options(.tradeDriven, period: 100))
        #expect(text == "A 200 t150\nA 300 t250\nA 400")
    }

    @Test func eachClockIsMovedByItsOwnEvents() throws {
        let stream = "b110 t120 l130 b210 t320 l430 b540"
        let expected: [ClockMode: String] = [
            .orderbookDriven: "A 200 t120 l130 b1\nA 300 b2\nA 400 t320 b2\nA 500 l430 b2",
            .tradeDriven: "A 200 t120 l130 b1\nA 300 b2",
            .liquidationDriven: "A 200 t120 l130 b1\nA 300 b2\nA 400 t320 b2",
            .external: "A 200 t120 l130 b1\nA 300 b2\nA 400 t320 b2\nA 500 l430 b2",
        ]
        for (clock, text) in expected {
            #expect(try rows(of: stream, options(clock, period: 100)) == text, "\(clock)")
        }
    }

    @Test func finishEmitsWhatIsOpenOnce() throws {
        var player = try Player(options(.tradeDriven, period: 100))
        player.play(Timeline("t150 t250 l390", unit: 1_000_000))
        player.finish()
        player.finish()
        let text = player.collector.rows.map { $0.text(unit: 1_000_000, .available) }
        #expect(text == ["A 200 @250 t150", "A 300 @390 t250 partial", "A 400 @390 l390 partial"])
        #expect(player.synchronizer.counters.partialRows == 2)
    }

    @Test func feedingAfterTheEndIsLate() throws {
        var player = try Player(options(.tradeDriven, period: 100))
        player.play(Timeline("t150", unit: 1_000_000))
        player.finish()
        player.play(Timeline("t900 b901", unit: 1_000_000))
        #expect(player.collector.rows.count == 1)
        #expect(player.synchronizer.counters.lateTrades == 1)
        #expect(player.synchronizer.counters.lateStates == 1)
    }

    @Test func tradesFromBeforeTheAnchorAreCounted() throws {
        let before = try counters(of: "t80 t150 l160 b210", options(.orderbookDriven, period: 100))
        #expect(before.beforeFirstRow == 3)
        let never = try counters(of: "t80 t150 l160", options(.orderbookDriven, period: 100))
        #expect(never.beforeFirstRow == 3 && never.rows == 0)
        let after = try counters(
            of: "b210 t220/180",
            options(.orderbookDriven, period: 100, basis: .exchange)
        )
        #expect(after.lateTrades == 1 && after.beforeFirstRow == 0)
    }

    @Test func aStampFarAheadNeitherDrivesNorPlaces() throws {
        let exchange = options(.tradeDriven, period: 100, basis: .exchange)
        #expect(try rows(of: "t150 t160/20161 t250", exchange) == "A 200 t150 t160")
        #expect(try counters(of: "t150 t160/20161 t250", exchange).badTime == 1)
        // Ten seconds ahead is still accepted.
        #expect(try counters(of: "t150 t160/10160 t250", exchange).badTime == 0)
    }

    @Test func aDuplicateNeitherDrivesNorCountsAsLate() throws {
        let text = try rows(of: "t150#a t160#a t450#a", options(.tradeDriven, period: 100), finish: true)
        #expect(text == "A 200 t150 partial")
        #expect(try counters(of: "t150#a t450#a", options(.tradeDriven, period: 100)).duplicateTrades == 1)
    }

    @Test func listedTradesBelongToNoRow() throws {
        let counters = try counters(of: "t50~#a t150#a t450~", options(.tradeDriven, period: 100))
        #expect(counters.snapshotTrades == 2 && counters.duplicateTrades == 0 && counters.rows == 1)
    }

    @Test func aLateStateShowsFromTheNextRowOn() throws {
        let exchange = options(.tradeDriven, period: 100, basis: .exchange)
        let stream = "f110 t150 t250 f260/170 t350 t450"
        #expect(try rows(of: stream, exchange) == "A 200 t150 f1\nA 300 t250 f2\nA 400 t350 f2")
        #expect(try counters(of: stream, exchange).lateStates == 1)
    }

    @Test func longGapsAreFilledThroughTheLastEventThenSkipped() throws {
        let few = options(.tradeDriven, period: 100, maxGapFill: 3)
        #expect(try rows(of: "t150 t450", few) == "A 200 t150\nA 300\nA 400")
        #expect(try rows(of: "t150 l260 t950", few) == "A 200 t150\nA 300 l260")
        #expect(try counters(of: "t150 l260 t950", few).jumps == 1)
        // The last event itself is too far away: only rows with events.
        #expect(try rows(of: "t150 l760 t950", few) == "A 200 t150\nA 800 l760")
    }

    @Test func aReanchorSaysWhatItLeftOut() throws {
        var player = try Player(options(.tradeDriven, period: 100, maxGapFill: 3))
        player.play(Timeline("t150 l260 t950 t1010", unit: 1_000_000))
        let jump = try #require(player.collector.jumps.first)
        #expect(player.collector.jumps.count == 1)
        #expect(jump.from == 100_000_000 && jump.to == 900_000_000 && jump.skippedRows == 6)
        #expect(player.collector.rows.last?.ts == 1_000_000_000)
    }

    @Test func aPeriodIsObservedIfItsFeedWasLiveThroughout() throws {
        let text = try rows(
            of: "ok:t100 t150 t250 t310 cut350 t420 t520 t610",
            options(.tradeDriven, period: 100),
            show: .quality
        )
        // From the cut on nothing is known until the first trade after it.
        let expected = [
            "A 200 t150 T -", "A 300 t250 T -", "A 400 t310 - - gap", "A 500 t420 - - gap", "A 600 t520 T -",
        ]
        #expect(text == expected.joined(separator: "\n"))
    }

    @Test func whatIsLostBeforeAFrameEndsTheFeedsBeforeItsTick() throws {
        let text = try rows(
            of: "t110 t120 lost230,t220 t350 t450",
            options(.external, period: 100),
            show: .quality
        )
        #expect(text == "A 200 t110 t120 - - gap\nA 300 t230 - - gap\nA 400 t350 T -")
    }

    @Test func anUnsubscribedFeedEndsAtTheFrameBefore() throws {
        let text = try rows(
            of: "ok:t100 t150 t210 off:t240 k310",
            options(.external, period: 100),
            show: .quality
        )
        #expect(text == "A 200 t150 T -\nA 300 t210 - - gap")
    }

    @Test func anUnsubscribedFeedEndsBeforeTheTickOfTheFrameThatConfirmsIt() throws {
        let text = try rows(
            of: "ok:t100 t150 t190 off:t210 k310",
            options(.external, period: 100),
            show: .quality
        )
        #expect(text == "A 200 t150 t190 - - gap\nA 300 - - gap")
    }

    /// Book at 150, confirmed at 210: the row up to 200 still shows it, whenever that row is emitted.
    @Test(arguments: [0, 50, 100])
    func aBookThatIsUnsubscribedShowsUntilTheFrameThatConfirmsIt(watermarkDelay: Int64) throws {
        let stream = "ok:b100 b150 off:b210 k310 k410"
        let text = try rows(
            of: stream,
            options(.external, period: 100, watermarkDelay: watermarkDelay),
            show: .quality
        )
        #expect(text.hasPrefix("A 200 b1 - - gap\nA 300 "), "\(text)")
        #expect(!text.dropFirst(9).contains("b1"), "\(text)")
    }

    @Test func aSecondConnectionKeepsAFeedLive() throws {
        let stream = "ok:t100 c1:ok:t100 t150 cut170 c1:t250 c1:t350"
        let text = try rows(of: stream, options(.tradeDriven, period: 100), show: .quality)
        #expect(text == "A 200 t150 T -\nA 300 t250 T -")
    }

    @Test func anAckOfAllKindsCountsForInstrumentsSeenLater() throws {
        let text = try rows(of: "ok:*100 t150 t250 t350", options(.tradeDriven, period: 100), show: .quality)
        #expect(text == "A 200 t150 T L\nA 300 t250 T L")
    }

    @Test func aFaultGapsTheRowsItTouches() throws {
        let text = try rows(
            of: "b110 b120 gap130 b210 b310 b410",
            options(.external, period: 100),
            show: .quality
        )
        #expect(text == "A 200 gapped - - gap\nA 300 b3 - - gap\nA 400 b4 - -")
    }

    @Test func rowsOfATickComeInOrderOfJoining() throws {
        let text = try rows(of: "B.t110 t120 k310", options(.external, period: 100))
        #expect(text == "B 200 t110\nA 200 t120\nB 300\nA 300")
    }

    @Test func aGlobalClockMovesAllInstruments() throws {
        var global = options(.tradeDriven, period: 100)
        global.scope = .global
        let text = try rows(of: "b110 t150 B.t320 t330 B.t410", global)
        // B joins in the period its own first trade opened.
        #expect(text == "A 200 t150 b1\nA 300 b1\nA 400 t330 b1\nB 400 t320")
    }

    @Test func tickTimesAreFiredAtTheFirstFrameFromThen() throws {
        var external = options(.external, period: 100)
        external.ticks = .times([100_000_000, 300_000_000, 900_000_000])
        let text = try rows(of: "t120 t240 t390", external, show: .available)
        #expect(text == "A 200 @390 t120\nA 300 @390 t240")
    }

    @Test func eventRowsHoldWhatCameSinceTheEventBefore() throws {
        var events = options(.tradeDriven, period: 100)
        events.sampling = .event
        #expect(
            try rows(of: "b110 l120 t150 b155 t160 t160 l170", events, finish: true)
                == "A 150 t150 l120 b1\nA 160 t160 b2\nA 160 t160 b2\nA 170 l170 b2 partial"
        )
        events.clock = .orderbookDriven
        // The book right after the message.
        #expect(try rows(of: "t105 b110 l120 b130", events) == "A 110 t105 b1\nA 130 l120 b2")
    }

    @Test func anEventRowShowsTheBookBeforeItsFrame() throws {
        var events = options(.tradeDriven, period: 100)
        events.sampling = .event
        #expect(try rows(of: "b110 b120,t120 t130", events) == "A 120 t120 b1\nA 130 t130 b2")
        #expect(try rows(of: "b110 lost120,t120 t130", events) == "A 120 t120 b1\nA 130 t130 gapped")
    }

    @Test func barsCloseWithTheTradeThatReachesTheThreshold() throws {
        var bars = options(.tradeDriven, period: 100)
        bars.bars = .tick(2)
        #expect(
            try rows(of: "t110 b115 l118 t120 t130 t140 t150", bars, finish: true)
                == "A 120 t110 t120 l118 b1\nA 140 t130 t140 b1\nA 150 t150 b1 partial"
        )
    }

    @Test func valueBarsSumExactlyAndRestartAtZero() throws {
        // Ten trades of 0.1 sum to exactly 1; in doubles an eleventh would be needed.
        for (bars, market) in [
            (try Bars(parsing: "volume:1"), Market.linear), (try Bars(parsing: "notional:20"), .linear),
            (try Bars(parsing: "notional:1"), .inverse), (try Bars(parsing: "volume:0.05"), .inverse),
        ] {
            var options = options(.tradeDriven, period: 100)
            options.bars = bars
            var synchronizer = try MarketSynchronizer(options: options)
            var host = NumberedHost()
            host.books.markets = [market]
            for number in Int64(1)...20 {
                let stamp = FrameStamp(connection: 0, receiveTime: number, exchangeTime: number)
                synchronizer.begin(frame: stamp, for: &host)
                let trade = Trade(
                    instrument: InstrumentIndex(0),
                    side: .buy,
                    price: FixedDecimal(mantissa: 20, scale: 0),
                    size: FixedDecimal(mantissa: 1, scale: 1),
                    id: .none,
                    exchangeTime: number,
                    receiveTime: number
                )
                synchronizer.add(trade, on: 0, for: &host)
            }
            #expect(host.collector.rows.map(\.ts) == [10, 20], "\(bars) \(market)")
            #expect(host.collector.rows.map(\.trades.count) == [10, 10], "\(bars) \(market)")
        }
    }

    @Test func latenessSuggestsAHoldBackThatKeepsAll() throws {
        var options = options(.tradeDriven, period: 100, basis: .exchange)
        let stream = "t150 t350 t360/180 t450 t470/280"
        var player = try Player(options)
        player.play(Timeline(stream, unit: 1_000_000))
        #expect(player.synchronizer.counters.lateTrades == 2)
        options.watermarkDelay = player.synchronizer.suggestedHoldBack
        #expect(try counters(of: stream, options).lateTrades == 0)
        options.watermarkDelay -= 1
        #expect(try counters(of: stream, options).lateTrades == 2)
    }

    @Test("the least and greatest times, shortest and long periods trap nowhere; nothing is counted twice")
    func extremeTimes() throws {
        let (least, greatest) = (Int64.min, Int64.max)
        let stream =
            "b1/\(least) t2/\(least)#a l3/\(least) f4/\(least) o5 t6#b l7 b8 t9/\(least + 1)#c "
            + "b\(greatest - 1) t\(greatest - 1)/\(least)#d f\(greatest - 1) b\(greatest) t\(greatest)#e l\(greatest) k\(greatest)"
        for clock in ClockMode.allCases {
            for basis in [TimeBasis.receive, .exchange] {
                for (period, watermarkDelay) in [
                    (Int64(4), Int64(0)), (4, 5), (7, 1 << 59), (1 << 59, 0), (1 << 59, 1 << 59),
                ] {
                    var options = SynchronizerOptions(clock: clock, period: period, timeBasis: basis)
                    options.watermarkDelay = watermarkDelay
                    for maxGapFill in [Int64(0), 3] {
                        options.maxGapFill = maxGapFill
                        var player = try Player(options)
                        player.play(Timeline(stream, unit: 1))
                        player.finish()
                        let counters = player.synchronizer.counters
                        let counted =
                            counters.placedTrades + counters.lateTrades + counters.placedLiquidations
                            + counters.lateLiquidations + counters.beforeFirstRow
                        // The last period of 64 bits has no row.
                        #expect(counted <= 8, "\(clock) \(basis) \(period) \(watermarkDelay) \(maxGapFill)")
                        _ = player.synchronizer.suggestedHoldBack
                    }
                }
            }
        }
    }

    @Test func optionsThatMakeNoSenseAreRefused() throws {
        var options = SynchronizerOptions()
        for period in [Int64.min, 0, 3, .max] {
            options.period = period
            #expect(throws: SynchronizerError.period(period)) { try MarketSynchronizer(options: options) }
        }
        options = SynchronizerOptions(clock: .orderbookDriven)
        options.bars = .tick(5)
        #expect(throws: SynchronizerError.barsNeedTrades(.orderbookDriven)) {
            try MarketSynchronizer(options: options)
        }
        options = SynchronizerOptions(clock: .external)
        options.ticks = .times([3, 2])
        #expect(throws: SynchronizerError.tickOrder(index: 1, before: 3, found: 2)) {
            try MarketSynchronizer(options: options)
        }
        for text in ["tick:0", "tick:1.5", "volume:-1", "volume:", "price:3", "volume", "notional:0.0"] {
            #expect(throws: SynchronizerError.bars(text)) { try Bars(parsing: text) }
        }
        #expect(try Bars(parsing: "volume:0.50").description == "volume:0.50")
    }
}
