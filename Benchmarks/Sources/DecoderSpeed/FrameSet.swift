import ByteCoding
import Exchanges
import Foundation
import MarketModel

/// Frames of one shape, one after the other in memory with room behind each, as simdjson needs it.
struct FrameSet {
    var name: String
    var exchange: Exchange
    var market: Market
    var bytes: [UInt8] = []
    var ranges: [Range<Int>] = []

    static let padding = 64

    mutating func append(_ frame: [UInt8]) {
        ranges.append(bytes.count..<(bytes.count + frame.count))
        bytes += frame + [UInt8](repeating: 0, count: FrameSet.padding)
    }

    var averageLength: Int { ranges.reduce(0) { $0 + $1.count } / max(1, ranges.count) }

    /// The frames of a recording as JSON lines, by what their decoding yields.
    static func load(_ path: String, _ exchange: Exchange, _ market: Market) throws -> [FrameSet] {
        var sets: [FrameSet] = []
        var batch = EventBatch()
        let venue = batch.instruments.venue(exchange: exchange.name, market: market)
        var decoder = exchange.makeDecoder(market: market, venue: venue)
        let lines = LineReader(try ByteInput(path: path, expansion: .automatic))
        while try lines.advance() {
            let line = lines.line.withUnsafeBytes { Data($0) }
            let object = try JSONSerialization.jsonObject(with: line) as? [String: Any]
            guard let text = object?["frame"] as? String else { continue }
            let frame = Array(text.utf8)
            batch.removeAll()
            let outcome = decoder.decode(frame.span.bytes, receiveTime: 0, into: &batch)
            let shape = "\(exchange.name) \(shape(batch, outcome, frame.count))"
            if !sets.contains(where: { $0.name == shape }) {
                sets.append(FrameSet(name: shape, exchange: exchange, market: market))
            }
            for place in sets.indices where sets[place].name == shape { sets[place].append(frame) }
        }
        return sets
    }

    private static func shape(_ batch: EventBatch, _ outcome: FrameOutcome, _ count: Int) -> String {
        guard outcome == .decoded else { return "\(outcome)" }
        if !batch.books.isEmpty { return count > 100_000 ? "whole book" : "book" }
        return batch.trades.isEmpty ? "tickers" : "trades"
    }
}
