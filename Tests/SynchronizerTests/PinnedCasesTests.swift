import Synchronizer
import Testing

/// The pinned cases of the specification: P = 1 s, times in µs, exchange basis.
@Suite struct PinnedCasesTests {
    private let external: SynchronizerOptions = {
        var options = options(.external, period: 1_000_000, unit: 1000, basis: .exchange)
        options.ticks = .times([])
        return options
    }()

    @Test func aTickEmitsTheRowBeforeIt() throws {
        let text = try rows(of: "B.k1 tick1000000 t1500000 tick2000000", external, unit: 1000)
        #expect(text == "A 2000000 t1500000")
    }

    @Test func everyRowPassedIsEmitted() throws {
        let text = try rows(of: "b500000 tick1000000 tick4000000", external, unit: 1000)
        #expect(text == "A 2000000 b1\nA 3000000 b1\nA 4000000 b1")
    }

    @Test func anEventOnTheEdgeBelongsToTheNextRow() throws {
        let options = options(.tradeDriven, period: 1_000_000, unit: 1000, basis: .exchange)
        #expect(try rows(of: "t1000000 t2000000", options, unit: 1000) == "A 2000000 t1000000")
        let text = try rows(of: "t1000000 t2000000 t2500000", options, unit: 1000, finish: true)
        #expect(text == "A 2000000 t1000000\nA 3000000 t2000000 t2500000 partial")
    }

    @Test func anEventOfAnEmittedRowIsLate() throws {
        let options = options(.orderbookDriven, period: 1_000_000, unit: 1000, basis: .exchange)
        let counters = try counters(of: "b5000010 b7000010 t7000020/5000500 b9000010", options, unit: 1000)
        #expect(counters.lateTrades == 1)
    }

    @Test func aRowShowsTheLatestBookStrictlyBeforeItsEdge() throws {
        let options = options(.orderbookDriven, period: 1_000_000, unit: 1000, basis: .exchange)
        let text = try rows(of: "b1000100 b1900000 b2000050", options, unit: 1000, show: .ages)
        #expect(text == "A 2000000 b2 age100000")
    }

    @Test func aHoldBackKeepsRowsOpen() throws {
        var options = options(
            .external,
            period: 100_000,
            unit: 1000,
            basis: .exchange,
            watermarkDelay: 1_000_000
        )
        options.ticks = .times([])
        #expect(try rows(of: "f1 tick50000 t150000 tick250000", options, unit: 1000) == "")
        let text = try rows(of: "f1 tick50000 t150000 tick250000 t180000 tick1300000", options, unit: 1000)
        #expect(text == "A 100000 f1\nA 200000 t150000 t180000 f1\nA 300000 f1")
    }
}
