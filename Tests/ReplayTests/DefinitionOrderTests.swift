import Exchanges
import Features
import MarketModel
import OrderBooks
import Pipeline
import Rows
import Synchronizer
import Testing

/// Records rows and definitions in order.
private final class OrderLog: RowSink {
    var lines: [String] = []

    func write(_ row: borrowing Row) {
        lines.append("row \(row.aggregate.ts / 1_000_000_000) \(row.instrument.symbol)")
    }

    func received(_ notice: Notice) {
        guard case .defined(let definition, let instrument, let index) = notice else { return }
        lines.append("\(instrument.symbol)@\(index.value) \(definition.tickSize?.description ?? "none")")
    }
}

/// From when a definition is valid.
struct DefinitionOrderTests {
    private let second: Int64 = 1_000_000_000

    private func bybit(_ ticks: [(String, String)]) -> String {
        let list = ticks.map { #"{"symbol":"\#($0.0)","priceFilter":{"tickSize":"\#($0.1)"}}"# }
        return #"{"retCode":0,"result":{"list":[\#(list.joined(separator: ","))],"nextPageCursor":""}}"#
    }

    private func trade(_ symbol: String, _ id: Int) -> String {
        #"{"topic":"publicTrade.\#(symbol)","type":"snapshot","ts":1,"data":[{"T":1,"s":"\#(symbol)","#
            + #""S":"Buy","v":"1","p":"1","i":"\#(id)"}]}"#
    }

    private func pipeline(_ log: OrderLog, _ exchange: any Exchange, _ market: Market) throws -> Pipeline {
        let options = SynchronizerOptions(clock: .external, period: second)
        var pipeline = try Pipeline(options: options, into: log)
        _ = pipeline.connect(exchange, market: market)
        return pipeline
    }

    @Test
    func `a reply holds from its position on, for instruments seen later too, until another says otherwise`()
        throws
    {
        let log = OrderLog()
        var pipeline = try pipeline(log, .bybit, .linear)
        let receive = { (pipeline: inout Pipeline, text: String, time: Int64) in
            let bytes = Array(text.utf8)
            pipeline.receive(bytes.span.bytes, on: 0, receiveTime: time)
        }
        let reply = { (pipeline: inout Pipeline, text: String) in
            let bytes = Array(text.utf8)
            pipeline.reply(bytes.span.bytes, on: 0, receiveTime: 0)
        }
        receive(&pipeline, trade("A", 1), second)
        reply(&pipeline, bybit([("A", "0.1"), ("B", "5"), ("NEVER", "1")]))
        // The same definition again changes nothing.
        reply(&pipeline, bybit([("A", "0.1")]))
        receive(&pipeline, trade("B", 2), 2 * second)
        reply(&pipeline, bybit([("A", "0.2"), ("B", "5")]))
        reply(&pipeline, #"{"retCode":10006,"retMsg":"no"}"#)
        reply(&pipeline, "no JSON")
        receive(&pipeline, trade("A", 3), 3 * second)
        pipeline.finish()
        #expect(log.lines.prefix(5) == ["A@0 0.1", "B@1 5", "row 2 A", "A@0 0.2", "row 3 A"])
        #expect(pipeline.counts.frames == 3 && pipeline.instruments.count == 2)
        let never = Instrument(exchange: "bybit", market: .linear, symbol: "NEVER")
        #expect(pipeline.definition(of: never)?.tickSize?.description == "1")
    }

    @Test func `a frame that defines comes after the rows that it emits`() throws {
        let log = OrderLog()
        var pipeline = try pipeline(log, .kraken, .spot)
        let frames = [
            #"{"channel":"trade","type":"update","data":[{"symbol":"X/Y","side":"buy","price":1.0,"qty":1.0,"#
                + #""ord_type":"market","trade_id":1,"timestamp":"2026-01-01T00:00:00Z"}]}"#,
            #"{"channel":"instrument","type":"snapshot","data":{"pairs":[{"symbol":"X/Y","price_increment":0.5}]}}"#,
            #"{"channel":"instrument","type":"update","data":{"pairs":[{"symbol":"X/Y","price_increment":0.25}]}}"#,
        ]
        for (position, text) in frames.enumerated() {
            let bytes = Array(text.utf8)
            pipeline.receive(bytes.span.bytes, on: 0, receiveTime: Int64(position + 1) * second)
        }
        #expect(log.lines == ["row 2 X/Y", "X/Y@0 0.5", "row 3 X/Y", "X/Y@0 0.25"])
        #expect(pipeline.counts.ignored == 2 && pipeline.counts.unknown == 0)
    }
}
