import ByteCoding
import Exchanges
import MarketModel
import Measurement
import OrderBooks
import Recording

/// The received frames of a recording in memory, and the events decoded from them.
struct BenchInput {
    /// The location of a frame.
    struct Frame {
        var offset: Int
        var length: Int
        var connection: Int32
        var receiveTime: Int64
    }

    private(set) var bytes: [UInt8] = []
    private(set) var frames: [Frame] = []
    private(set) var channels: [FrameChannel] = []
    /// Whether there were more frames than were read.
    private(set) var isCut = false
    /// Their events, except those of books that follow another topic.
    private(set) var session = DecodedSession(batch: EventBatch(), order: [], frames: [])

    /// The most bytes of frames held in memory.
    static let byteLimit = 512 << 20

    /// Reads up to `limit` frames.
    init(path: String, limit: Int) throws {
        let reader = try RecordingReader(path: path, order: .time)
        while try reader.advance() {
            guard reader.channel.direction == .received else { continue }
            guard frames.count < limit, bytes.count + reader.bytes.byteCount <= BenchInput.byteLimit else {
                isCut = true
                break
            }
            let offset = bytes.count
            reader.bytes.withUnsafeBytes { bytes.append(contentsOf: $0) }
            frames.append(
                Frame(
                    offset: offset,
                    length: bytes.count - offset,
                    connection: number(of: reader.channel),
                    receiveTime: reader.receiveTime
                )
            )
        }
        decodeAll()
    }

    private mutating func number(of channel: FrameChannel) -> Int32 {
        if let known = channels.firstIndex(where: { $0.topic == channel.topic }) { return Int32(known) }
        channels.append(channel)
        return Int32(channels.count - 1)
    }

    /// New decoders, one per channel; nil for an unknown exchange.
    func decoders(_ instruments: inout InstrumentTable) -> [(any FrameDecoder)?] {
        channels.map { channel in
            guard let exchange = exchange(of: channel), let market = Market(rawValue: channel.market) else {
                return nil
            }
            let venue = instruments.venue(of: exchange, market)
            return exchange.makeDecoder(market: market, venue: venue)
        }
    }

    private func exchange(of channel: FrameChannel) -> (any Exchange)? {
        ExchangeCatalog.standard.exchange(forProtocol: channel.protocolID)
            ?? ExchangeCatalog.standard.named(channel.exchange)
    }

    /// The book rules of each channel.
    var rules: [BookRules] { channels.map { exchange(of: $0)?.bookRules ?? BookRules() } }

    /// The bytes of a frame.
    func withFrame(_ frame: Frame, _ body: (RawSpan) -> Void) {
        body(bytes.span.bytes.extracting(frame.offset..<(frame.offset + frame.length)))
    }

    private mutating func decodeAll() {
        var batch = EventBatch()
        var decoders = decoders(&batch.instruments)
        let rules = rules
        var keepers: [BookKeeper] = []
        var decoded: [DecodedSession.Frame] = []
        var accepted: [EventReference] = []
        for frame in frames {
            let first = batch.order.count
            let connection = Int(frame.connection)
            batch.frameTime = nil
            withFrame(frame) { bytes in
                _ = decoders[connection]?.decode(bytes, receiveTime: frame.receiveTime, into: &batch)
            }
            while keepers.count < batch.instruments.count { keepers.append(BookKeeper()) }
            let start = accepted.count
            for event in batch.order[first...] where event.kind != .status {
                if event.kind == .book {
                    let update = batch.books[event.index]
                    let outcome = keepers[update.instrument.position].apply(
                        update,
                        levels: batch.levels.span,
                        connection: frame.connection,
                        rules: rules[connection]
                    )
                    if outcome == .ignored { continue }
                }
                accepted.append(event)
            }
            decoded.append(
                DecodedSession.Frame(
                    connection: frame.connection,
                    receiveTime: frame.receiveTime,
                    exchangeTime: batch.frameTime,
                    events: start..<accepted.count
                )
            )
        }
        session = DecodedSession(batch: batch, order: accepted, frames: decoded)
    }
}
