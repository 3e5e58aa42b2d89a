import MarketModel
import OrderBooks
import Synchronizer

extension Work {
    /// The synchronizer alone under each clock: decoded events in memory, a book that never changes.
    public static func clocks(_ recordings: [RecordedFrames]) -> [Work] {
        recordings.filter { $0.market == .linear }.flatMap { recording in
            let decoded = recording.decoded().repeated(50)
            return ClockMode.allCases.map { clock($0, recording.name, decoded) }
        }
    }

    private static func clock(_ clock: ClockMode, _ name: String, _ decoded: DecodedFrames) -> Work {
        var options = SynchronizerOptions()
        options.clock = clock
        let books = StillBook(levels: options.depth)
        return Work("clock", of: "\(clock.rawValue), \(name)", unit: "event", units: decoded.eventCount) {
            guard var synchronizer = try? MarketSynchronizer(options: options) else {
                preconditionFailure("the options make no sense")
            }
            var counter = RowCounter()
            for frame in decoded.frames {
                let stamp = FrameStamp(
                    connection: 0,
                    receiveTime: frame.receiveTime,
                    exchangeTime: frame.exchangeTime
                )
                synchronizer.begin(frame: stamp, books: books, into: &counter)
                for event in decoded.events.order[frame.order] {
                    synchronizer.take(event, of: decoded.events, books, &counter)
                }
            }
            synchronizer.finish(books: books, into: &counter)
        }
    }
}

extension MarketSynchronizer {
    @inline(__always)
    fileprivate mutating func take(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        _ books: StillBook,
        _ counter: inout RowCounter
    ) {
        switch event.kind {
        case .book:
            let update = batch.books[event.place]
            willApply(update, on: 0, books: books, into: &counter)
            didApply(update.instrument, isGapped: false, books: books, into: &counter)
        case .trade: add(batch.trades[event.place], on: 0, books: books, into: &counter)
        case .liquidation: add(batch.liquidations[event.place], on: 0, books: books, into: &counter)
        case .fundingRate: update(batch.fundingRates[event.place], on: 0)
        case .openInterest: update(batch.openInterests[event.place], on: 0)
        case .status: note(batch.statuses[event.place], on: 0)
        }
    }
}

/// Counts rows and looks at nothing else.
struct RowCounter: SnapshotConsumer {
    var rows = 0

    mutating func consume(_ snapshot: borrowing MarketSnapshot) { rows += 1 }
}

/// A book that never changes.
struct StillBook: BookSource {
    private let bids: [PriceLevel]
    private let asks: [PriceLevel]

    init(levels: Int) {
        let size = FixedDecimal(mantissa: 1, scale: 0)
        bids = (0..<levels).map {
            PriceLevel(price: FixedDecimal(mantissa: Int64(100_000 - $0), scale: 1), size: size)
        }
        asks = (0..<levels).map {
            PriceLevel(price: FixedDecimal(mantissa: Int64(100_001 + $0), scale: 1), size: size)
        }
    }

    func market(of instrument: InstrumentIndex) -> Market { .linear }

    func capture(_ instrument: InstrumentIndex, depth: Int, into view: inout BookView) {
        view.state = .synced
        view.isCrossed = false
        view.bids.removeAll(keepingCapacity: true)
        view.asks.removeAll(keepingCapacity: true)
        view.bids.append(contentsOf: bids.prefix(depth))
        view.asks.append(contentsOf: asks.prefix(depth))
    }
}
