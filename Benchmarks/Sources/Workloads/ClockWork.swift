import Exchanges
import MarketModel
import Measurement
import Synchronizer

extension Work {
    /// The synchronizer alone under each clock: decoded events in memory, a book that never changes.
    public static func clocks(_ recordings: [RecordedFrames]) -> [Work] {
        recordings.filter { $0.market == .linear }.flatMap { recording in
            let session = recording.decoded().repeated(untilThereAre: 50_000)
            return ClockMode.allCases.map { clock($0, recording.name, session) }
        }
    }

    private static func clock(_ clock: ClockMode, _ name: String, _ session: DecodedSession) -> Work {
        var options = SynchronizerOptions()
        options.clock = clock
        options.bookContent = .totals
        let still = StillHost(levels: options.depth)
        return Work("clock", of: "\(clock.rawValue), \(name)", unit: "event", units: session.order.count) {
            guard var synchronizer = try? MarketSynchronizer(options: options) else {
                preconditionFailure("the options make no sense")
            }
            var host = still
            synchronizer.feed(session, session.frames.indices, for: &host)
            synchronizer.finish(for: &host)
        }
    }
}

extension RecordedFrames {
    /// Its events in memory.
    func decoded() -> DecodedSession {
        var batch = EventBatch()
        let venue = batch.instruments.venue(of: exchange, market)
        var decoder = exchange.makeDecoder(market: market, venue: venue)
        var order: [EventReference] = []
        var frames: [DecodedSession.Frame] = []
        for index in ranges.indices {
            let first = batch.order.count
            let start = order.count
            let frame = frame(index)
            _ = decoder.decode(frame.span.bytes, receiveTime: receiveTimes[index], into: &batch)
            order += batch.order[first...].filter { $0.kind != .status }
            frames.append(
                DecodedSession.Frame(
                    connection: 0,
                    receiveTime: receiveTimes[index],
                    exchangeTime: batch.frameTime,
                    events: start..<order.count
                )
            )
        }
        return DecodedSession(batch: batch, order: order, frames: frames)
    }
}
