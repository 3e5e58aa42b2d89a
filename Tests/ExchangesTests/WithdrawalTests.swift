import MarketModel
import Testing

@testable import Exchanges

/// Beside plain arrays, by random operations with a printed seed.
@Suite("Withdrawing what was read of a frame")
struct WithdrawalTests {
    /// What a batch should hold; an event's receive time is its number.
    private struct Model {
        var order: [(kind: EventReference.Kind, number: Int64)] = []
        var levels: [Int64] = []
        var errorCount = 0
        var unsubscribedCount = 0
        var frameTime: Int64?
    }

    /// A batch, and what it should hold.
    private struct Pair {
        var batch = EventBatch()
        var model = Model()
        var starts: [(EventBatch.ReadingStart, Model)] = []
        var random: Mutator
        private let instrument: InstrumentIndex
        private var number: Int64 = 0

        init(seed: UInt64) {
            random = Mutator(seed: seed)
            instrument = batch.instruments.index(of: Instrument(exchange: "any", market: .spot, symbol: "X"))
        }

        mutating func step() {
            switch random.next(10) {
            case 0...2: append(WithdrawalTests.kinds[random.next(WithdrawalTests.kinds.count)])
            case 3: appendNewestFirst()
            case 4: appendLevel()
            case 5: starts.append((batch.readingStart(), model))
            case 6: goBack(withdrawing: true)
            case 7: goBack(withdrawing: false)
            case 8: count()
            default: if random.next(8) == 0 { removeAll() }
            }
        }

        private mutating func append(_ kind: EventReference.Kind) {
            number += 1
            model.order.append((kind, number))
            WithdrawalTests.append(kind, instrument, number, to: &batch)
        }

        /// Trades as Coinbase lists them.
        private mutating func appendNewestFirst() {
            let (first, firstTrade) = (batch.order.count, batch.trades.count)
            for _ in 0..<random.next(6) { append(.trade) }
            batch.order.removeAll(from: first)
            for index in (firstTrade..<batch.trades.count).reversed() {
                batch.order.append(EventReference(.trade, index))
            }
            model.order[first...].reverse()
        }

        private mutating func appendLevel() {
            number += 1
            model.levels.append(number)
            batch.levels.append(
                PriceLevel(price: FixedDecimal(mantissa: number, scale: 0), size: .zero)
            )
        }

        private mutating func count() {
            batch.errorCount += 1
            batch.unsubscribedCount += 2
            batch.frameTime = number
            model.errorCount += 1
            model.unsubscribedCount += 2
            model.frameTime = number
        }

        /// A withdrawal puts counts back too and forgets the frame's time; rewinding leaves them.
        private mutating func goBack(withdrawing: Bool) {
            guard !starts.isEmpty else { return }
            let position = random.next(starts.count)
            let (start, before) = starts[position]
            starts.removeSubrange((position + 1)...)
            (model.order, model.levels) = (before.order, before.levels)
            guard withdrawing else { return batch.rewind(to: start.mark) }
            batch.withdraw(to: start)
            (model.errorCount, model.unsubscribedCount) = (before.errorCount, before.unsubscribedCount)
            model.frameTime = nil
        }

        private mutating func removeAll() {
            batch.removeAll()
            (model, starts) = (Model(), [])
        }
    }

    private static let kinds: [EventReference.Kind] = [
        .book, .trade, .liquidation, .fundingRate, .openInterest, .status,
    ]

    @Test("leaves what came before, also where references were turned round")
    func beside() {
        let seed = UInt64.random(in: .min ... .max)
        print("withdrawing from a batch: seed \(seed)")
        var pair = Pair(seed: seed)
        for step in 0..<6_000 {
            pair.step()
            let difference = WithdrawalTests.difference(pair.batch, pair.model)
            #expect(difference == nil, "seed \(seed), step \(step)")
            guard difference == nil else { return }
        }
    }

    /// What a batch has otherwise than it should; nil if nothing.
    private static func difference(_ batch: EventBatch, _ model: Model) -> String? {
        let isInOrder = batch.order.elementsEqual(model.order) {
            $0.kind == $1.kind && batch.times(of: $0).receive == $1.number
        }
        let counts = [
            batch.books.count, batch.trades.count, batch.liquidations.count, batch.fundingRates.count,
            batch.openInterests.count, batch.statuses.count,
        ]
        let expected = kinds.map { kind in model.order.count { $0.kind == kind } }
        if !isInOrder || counts != expected { return "events" }
        if batch.levels.map(\.price.mantissa) != model.levels { return "levels" }
        let areCounted =
            batch.errorCount == model.errorCount && batch.unsubscribedCount == model.unsubscribedCount
        return areCounted && batch.frameTime == model.frameTime ? nil : "counts or the frame's time"
    }

    /// One event of a kind, received at `time`.
    private static func append(
        _ kind: EventReference.Kind,
        _ instrument: InstrumentIndex,
        _ time: Int64,
        to batch: inout EventBatch
    ) {
        switch kind {
        case .book:
            batch.append(
                BookUpdate(
                    instrument: instrument,
                    isSnapshot: false,
                    depth: 0,
                    firstLevel: batch.levels.count,
                    bidCount: 0,
                    askCount: 0,
                    exchangeTime: nil,
                    receiveTime: time
                )
            )
        case .trade:
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
        case .liquidation:
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
        case .fundingRate:
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
        case .openInterest:
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
        case .status: batch.append(.live, .all, instrument, at: time)
        }
    }
}
