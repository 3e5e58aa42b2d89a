import Exchanges
import MarketModel
import Recording

/// Selects frames of chosen instruments: those with one of their events, and those without events (acks,
/// heartbeats), which decoding needs.
struct FrameInstruments {
    private let wanted: [Instrument]
    private var batch = EventBatch()
    private var connections: [Connection] = []

    private struct Connection {
        let channel: FrameChannel
        var decoder: (any FrameDecoder)?
    }

    init(wanted: [Instrument]) { self.wanted = wanted }

    mutating func includes(_ reader: RecordingReader) -> Bool {
        guard !wanted.isEmpty, reader.channel.direction == .received else { return true }
        let index = connection(reader.channel)
        guard connections[index].decoder != nil else { return false }
        batch.removeAll()
        _ = connections[index].decoder?.decode(reader.bytes, receiveTime: reader.receiveTime, into: &batch)
        let concerned = concernedInstruments
        return concerned.isEmpty || concerned.contains { wanted.contains(batch.instruments[$0]) }
    }

    private var concernedInstruments: [InstrumentIndex] {
        batch.books.map(\.instrument) + batch.trades.map(\.instrument) + batch.liquidations.map(\.instrument)
            + batch.fundingRates.map(\.instrument) + batch.openInterests.map(\.instrument)
            + batch.statuses.compactMap(\.instrument)
    }

    private mutating func connection(_ channel: FrameChannel) -> Int {
        if let found = connections.firstIndex(where: { $0.channel.isConnection(of: channel) }) {
            return found
        }
        var decoder: (any FrameDecoder)?
        if let exchange = ExchangeCatalog.standard.named(channel.exchange),
            let market = Market(rawValue: channel.market)
        {
            let venue = batch.instruments.venue(of: exchange, market)
            decoder = exchange.makeDecoder(market: market, venue: venue)
        }
        connections.append(Connection(channel: channel, decoder: decoder))
        return connections.count - 1
    }
}
