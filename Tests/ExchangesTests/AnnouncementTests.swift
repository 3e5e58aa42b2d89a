import Exchanges
import MarketModel
import Testing

/// What venues say before they close a connection, in both directions of their wire format.
@Suite("Announced closes")
struct AnnouncementTests {
    @Test("what a server says is understood by a recorder, and ignored by name by its decoder")
    func notices() throws {
        var announcing: Set<String> = []
        for exchange in ExchangeCatalog.standard.all {
            for market in exchange.markets {
                guard
                    let notice = exchange.server(of: market).closingNotice(
                        at: 1_700_000_000 * UnixTime.second
                    )
                else { continue }
                announcing.insert(exchange.name)
                let bytes = Array(notice.utf8)
                let isUnderstood = exchange.announcesClose(in: bytes.span.bytes)
                #expect(isUnderstood, "\(exchange.name)")
                var batch = EventBatch()
                let venue = batch.instruments.venue(of: exchange, market)
                var decoder = exchange.makeDecoder(market: market, venue: venue)
                let outcome = decoder.decode(bytes.span.bytes, receiveTime: 1, into: &batch)
                #expect(outcome == .ignored && batch.order.isEmpty, "\(exchange.name)")
                #expect(exchange.session.lifetime != nil, "\(exchange.name)")
            }
        }
        #expect(announcing == ["binance", "binance-us", "bitfinex", "okx"])
    }

    @Test(
        "of Binance is a serverShutdown, in an envelope or without",
        arguments: [
            (#"{"e":"serverShutdown","E":1}"#, true),
            (#"{"stream":"x","data":{"e":"serverShutdown"}}"#, true),
            (#"{"e":"kline","E":1}"#, false), (#"{"result":null,"id":1}"#, false), ("serverShutdown", false),
            ("[]", false),
        ]
    )
    func binance(text: String, announces: Bool) {
        let found = Binance().announcesClose(in: Array(text.utf8).span.bytes)
        #expect(found == announces)
    }
}
