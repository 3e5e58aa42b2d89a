import ByteCoding
public import Exchanges
import Foundation
import MarketModel

/// The frames of a recording as JSON lines, in memory with room behind each, as simdjson needs it.
public struct RecordedFrames {
    /// What it is called in tables.
    public let name: String
    /// The file it comes from.
    public let path: String
    /// Whose frames they are.
    public let exchange: any Exchange
    let market: Market
    private(set) var bytes: [UInt8] = []
    private(set) var ranges: [Range<Int>] = []
    private(set) var receiveTimes: [Int64] = []

    private static let padding = 64

    init(_ name: String, _ path: String, _ exchange: any Exchange, _ market: Market) {
        self.name = name
        self.path = path
        self.exchange = exchange
        self.market = market
    }

    mutating func append(_ frame: [UInt8], at receiveTime: Int64) {
        ranges.append(bytes.count..<(bytes.count + frame.count))
        bytes += frame + [UInt8](repeating: 0, count: RecordedFrames.padding)
        receiveTimes.append(receiveTime)
    }

    func frame(_ position: Int) -> [UInt8] { Array(bytes[ranges[position]]) }

    var frameBytes: Int { ranges.reduce(0) { $0 + $1.count } }

    /// Real frames from beside the project, where they are, and the project's own made ones: those that
    /// `Recordings/measured.tsv` lists.
    public static func all() throws -> [RecordedFrames] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let folder = root.appending(path: "Recordings")
        let list = try String(contentsOf: folder.appending(path: "measured.tsv"), encoding: .utf8)
        var found: [RecordedFrames] = []
        for line in list.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: "\t").map(String.init)
            guard words.count == 5, let market = Market(rawValue: words[2]) else {
                throw CocoaError(.fileReadCorruptFile)
            }
            let path = folder.appending(path: words[3]).standardized.path()
            guard FileManager.default.fileExists(atPath: path) else { continue }
            found.append(try load(path, words[0], words[1], market))
        }
        return found
    }

    private static func load(
        _ path: String,
        _ name: String,
        _ exchange: String,
        _ market: Market
    ) throws -> RecordedFrames {
        guard let exchange = ExchangeCatalog.standard.named(exchange) else {
            throw CocoaError(.featureUnsupported)
        }
        var recording = RecordedFrames(name, path, exchange, market)
        let lines = LineReader(try ByteInput(path: path, expansion: .automatic))
        while try lines.advance() {
            let line = lines.line.withUnsafeBytes { Data($0) }
            let object = try JSONSerialization.jsonObject(with: line) as? [String: Any]
            guard let text = object?["frame"] as? String else { continue }
            let time = (object?["recv_ns"] as? NSNumber)?.int64Value
            recording.append(Array(text.utf8), at: time ?? recording.receiveTimes.last ?? 0)
        }
        return recording
    }

    /// The decoded frames by what their decoding yields.
    func byShape() -> [(shape: String, frames: RecordedFrames)] {
        var sets: [(shape: String, frames: RecordedFrames)] = []
        var batch = EventBatch()
        let venue = batch.instruments.venue(of: exchange, market)
        var decoder = exchange.makeDecoder(market: market, venue: venue)
        for position in ranges.indices {
            batch.removeAll()
            let frame = frame(position)
            guard decoder.decode(frame.span.bytes, receiveTime: 0, into: &batch) == .decoded else { continue }
            // Whose book it seeds the frames before it tell: alone it is not to be read.
            if batch.books.count > 0, batch.books[0].isSeed { continue }
            let shape = RecordedFrames.shape(batch, frame.count)
            if !sets.contains(where: { $0.shape == shape }) {
                sets.append((shape, RecordedFrames(name, path, exchange, market)))
            }
            for index in sets.indices where sets[index].shape == shape {
                sets[index].frames.append(frame, at: receiveTimes[position])
            }
        }
        return sets.sorted { $0.shape < $1.shape }
    }

    private static func shape(_ batch: EventBatch, _ count: Int) -> String {
        if !batch.books.isEmpty { return count > 100_000 ? "whole book" : "book" }
        if !batch.liquidations.isEmpty { return "liquidations" }
        return batch.trades.isEmpty ? "tickers" : "trades"
    }
}
