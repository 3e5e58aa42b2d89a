import Foundation
import MarketModel
import Testing

@testable import Exchanges

/// Another parser's opinion of the same bytes.
@Suite("Foundation's JSON parser")
struct FoundationTests {
    @Test("accepts what the validator accepts, and no more", arguments: ["bybit", "coinbase", "kraken"])
    func validity(name: String) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("validator against Foundation: \(name), seed \(seed)")
        var mutator = Mutator(seed: seed)
        let frames = Fixtures.of(name).map { Array($0.utf8) }
        var (valid, invalid) = (0, 0)
        for _ in 0..<20_000 {
            let frame = mutator.mutated(frames[mutator.next(frames.count)])
            let ours = JSONValidator.isValid(frame.span.bytes)
            if ours { valid += 1 } else { invalid += 1 }
            if FoundationTests.isBeyondComparison(frame) { continue }
            let theirs =
                (try? JSONSerialization.jsonObject(with: Data(frame), options: .fragmentsAllowed)) != nil
            try #require(ours == theirs, "\(String(decoding: frame, as: UTF8.self)) \(frame)")
        }
        #expect(valid > 1000 && invalid > 1000)
    }

    /// What the two mean to treat differently.
    ///
    /// Foundation refuses lone surrogates and numbers beyond a double, and takes a comma before a closing
    /// bracket, other encodings than UTF-8, a byte order mark and zeros behind the text.
    private static func isBeyondComparison(_ frame: [UInt8]) -> Bool {
        let text = String(decoding: frame, as: UTF8.self)
        return text.contains(#"\ud"#) || hasExponent(text) || hasLooseComma(text) || frame.contains(0)
            || frame.starts(with: [0xef, 0xbb, 0xbf]) || frame.starts(with: [0xfe, 0xff])
            || frame.starts(with: [0xff, 0xfe])
    }

    /// A digit, an `e`, a digit or a sign: perhaps a number beyond a double.
    private static func hasExponent(_ text: String) -> Bool {
        text.range(of: "[0-9][eE][-+0-9]", options: .regularExpression) != nil
    }

    private static func hasLooseComma(_ text: String) -> Bool {
        text.range(of: ",[ \\n\\r\\t]*[\\]}]", options: .regularExpression) != nil
    }

    @Test("reads the same trades and levels from reordered, spaced and escaped frames")
    func content() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("decoders against Foundation: seed \(seed)")
        var mutator = Mutator(seed: seed)
        var session = Session(.bybit, .linear)
        var compared = 0
        let frames = Fixtures.bybit.filter { $0.contains("orderbook") || $0.contains("publicTrade") }
        for _ in 0..<20_000 {
            let frame = mutator.mutated(Array(frames[mutator.next(frames.count)].utf8))
            guard session.take(frame) == .decoded, session.batch.errorCount == 0,
                let object = try? JSONSerialization.jsonObject(with: Data(frame)) as? [String: Any]
            else { continue }
            // Of doubled members Foundation keeps the first: such frames show nothing.
            if FoundationTests.hasDoubles(frame) { continue }
            if let book = session.batch.books.first, let data = object["data"] as? [String: Any] {
                let bids = (data["b"] as? [[Any]] ?? []).compactMap(FoundationTests.level)
                let asks = (data["a"] as? [[Any]] ?? []).compactMap(FoundationTests.level)
                let ours = session.batch.levels.map { [$0.price.doubleValue, $0.size.doubleValue] }
                try #require(ours == bids + asks, "\(String(decoding: frame, as: UTF8.self))")
                try #require(book.bidCount == bids.count)
                compared += 1
            } else if let data = object["data"] as? [[String: Any]], !session.batch.trades.isEmpty {
                let prices = data.compactMap { FoundationTests.number($0["p"]) }
                try #require(session.batch.trades.map(\.price.doubleValue) == prices)
                try #require(
                    session.batch.trades.map { "\($0.side)".capitalized } == data.map { $0["S"] as? String }
                )
                compared += 1
            }
        }
        #expect(compared > 1000)
    }

    private static func level(_ parts: [Any]) -> [Double]? {
        let numbers = parts.compactMap(number)
        return numbers.count == 2 ? numbers : nil
    }

    private static func number(_ value: Any?) -> Double? {
        if let text = value as? String { return Double(text) }
        return (value as? NSNumber)?.doubleValue
    }

    /// Whether a key stands twice in the frame where the fixtures have it once.
    private static func hasDoubles(_ frame: [UInt8]) -> Bool {
        let text = String(decoding: frame, as: UTF8.self)
        if text.contains(#"\u00"#) { return true }
        return [
            "\"b\"", "\"a\"", "\"u\"", "\"s\"", "\"ts\"", "\"type\"", "\"data\"", "\"p\"", "\"S\"", "\"T\"",
        ]
        .contains { text.components(separatedBy: $0).count > (text.contains("publicTrade") ? 3 : 2) }
    }
}
