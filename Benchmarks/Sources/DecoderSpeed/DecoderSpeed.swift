import CSimdjson
import Exchanges
import Foundation
import MarketModel
import OrderBooks

/// Decoders beside simdjson, and books, on real frames; each side in turn, medians of processor time.
///
///     DecoderSpeed <recordings folder> [rounds]
///
/// The folder is that of the recordings as JSON lines (`bybit/…jsonl.zst`).
@main
struct DecoderSpeed {
    static let recordings: [(String, Exchange, Market)] = [
        ("bybit/v5-linear-SOLUSDT-DOGEUSDT-20260809", .bybit, .linear),
        ("coinbase/advanced-trade-BTCUSD-ETHUSD-20260809-first300", .coinbase, .spot),
        ("kraken/v2-BTCUSD-book10-20230730", .kraken, .spot),
    ]

    static func main() throws {
        guard CommandLine.arguments.count > 1 else {
            print("usage: DecoderSpeed <recordings folder> [rounds]")
            return
        }
        let folder = CommandLine.arguments[1]
        let rounds = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 21
        print("| frames | bytes | simdjson parse, ns | decode, ns | ratio |")
        print("|---|---|---|---|---|")
        var sets: [FrameSet] = []
        for (path, exchange, market) in recordings {
            sets += try FrameSet.load("\(folder)/\(path).jsonl.zst", exchange, market)
        }
        for set in sets where !set.name.hasSuffix("ignored") { decode(set, rounds) }
        print("\n| books | levels | ns a level | M levels/s |\n|---|---|---|---|")
        for (path, exchange, market) in recordings {
            try books(
                FrameSet.load("\(folder)/\(path).jsonl.zst", exchange, market),
                exchange,
                market,
                rounds
            )
        }
    }

    // MARK: - Decoding

    private static func decode(_ set: FrameSet, _ rounds: Int) {
        let parser = simdjson_parser()
        var batch = EventBatch()
        let venue = batch.instruments.venue(exchange: set.exchange.name, market: set.market)
        var decoder = set.exchange.makeDecoder(market: set.market, venue: venue)
        let passes = max(1, 4_000_000 / set.bytes.count)
        var (parsed, extracted, decoded): ([Double], [Double], [Double]) = ([], [], [])
        for _ in 0..<rounds {
            parsed.append(seconds { for _ in 0..<passes { parse(set, parser) } })
            if set.name == "bybit book" {
                extracted.append(seconds { for _ in 0..<passes { extract(set, parser) } })
            }
            decoded.append(
                seconds {
                    for _ in 0..<passes { decode(set, &decoder, &batch) }
                }
            )
        }
        let frames = Double(passes * set.ranges.count)
        row(set, set.name, median(parsed) / frames, median(decoded) / frames)
        if !extracted.isEmpty {
            row(
                set,
                set.name + ", simdjson with doubles extracted",
                median(extracted) / frames,
                median(decoded) / frames
            )
        }
    }

    private static func row(_ set: FrameSet, _ name: String, _ theirs: Double, _ ours: Double) {
        let ratio = (theirs / ours * 100).rounded() / 100
        print("| \(name) | \(set.averageLength) | \(Int(theirs * 1e9)) | \(Int(ours * 1e9)) | \(ratio) |")
    }

    private static func parse(_ set: FrameSet, _ parser: UnsafeMutableRawPointer?) {
        set.bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return }
            for range in set.ranges where simdjson_parse(parser, base + range.lowerBound, range.count) != 0 {
                fatalError("simdjson refuses a frame")
            }
        }
    }

    private static func extract(_ set: FrameSet, _ parser: UnsafeMutableRawPointer?) {
        set.bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return }
            for range in set.ranges where simdjson_extract(parser, base + range.lowerBound, range.count).isNaN
            {
                fatalError("simdjson finds no levels in a frame")
            }
        }
    }

    /// One pass; a venue that numbers its connections' messages is fed each as the first of a connection.
    private static func decode(_ set: FrameSet, _ decoder: inout any FrameDecoder, _ batch: inout EventBatch)
    {
        let bytes = set.bytes.span.bytes
        for range in set.ranges {
            batch.removeAll()
            if set.exchange.name == "coinbase" { decoder.connectionReset() }
            let outcome = decoder.decode(bytes.extracting(range), receiveTime: 0, into: &batch)
            precondition(outcome == .decoded)
        }
    }

    // MARK: - Books

    /// All book messages of a recording applied again and again, in memory.
    private static func books(_ sets: [FrameSet], _ exchange: Exchange, _ market: Market, _ rounds: Int) {
        var batch = EventBatch()
        let venue = batch.instruments.venue(exchange: exchange.name, market: market)
        var decoder = exchange.makeDecoder(market: market, venue: venue)
        for set in sets.reversed() where set.name.hasSuffix("book") {
            for range in set.ranges {
                decoder.connectionReset()
                _ = decoder.decode(set.bytes.span.bytes.extracting(range), receiveTime: 0, into: &batch)
            }
        }
        var levels = 0
        // A book is fed its snapshot, then deltas; those are what is counted and timed.
        let snapshots = batch.books.indices.filter { batch.books[$0].isSnapshot }
        let deltas = batch.books.indices.filter { !batch.books[$0].isSnapshot }
        for place in deltas { levels += batch.books[place].bidCount + batch.books[place].askCount }
        let passes = max(1, 300_000 / levels)
        var times: [Double] = []
        for _ in 0..<rounds {
            var total = 0.0
            for _ in 0..<passes {
                var keepers = Array(repeating: BookKeeper(), count: batch.instruments.count)
                apply(snapshots, batch, &keepers, exchange.bookRules)
                total += seconds { apply(deltas, batch, &keepers, exchange.bookRules) }
                precondition(keepers.allSatisfy { $0.book.state == .synced })
            }
            times.append(total / Double(passes * levels))
        }
        let time = median(times)
        let nanoseconds = (time * 1e10).rounded() / 10
        print("| \(exchange.name) | \(levels) | \(nanoseconds) | \((1e-5 / time).rounded() / 10) |")
    }

    private static func apply(
        _ places: [Int],
        _ batch: EventBatch,
        _ keepers: inout [BookKeeper],
        _ rules: BookRules
    ) {
        for place in places {
            let update = batch.books[place]
            _ = keepers[update.instrument.position].apply(
                update,
                levels: batch.levels.span,
                connection: 0,
                rules: rules
            )
        }
    }

    // MARK: - Time

    /// Processor seconds of this thread: a busy machine stretches the wall's.
    private static func seconds(_ body: () -> Void) -> Double {
        let begin = processorSeconds()
        body()
        return processorSeconds() - begin
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
