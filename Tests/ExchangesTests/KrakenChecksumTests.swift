import ByteCoding
import MarketModel
import OrderBooks
import Testing

@testable import Exchanges

@Suite("Kraken's checksum")
struct KrakenChecksumTests {
    @Test("is that of the digits written anew, whatever it remembers", arguments: [3, 40, 100_000])
    func remembered(spread: Int) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("Kraken checksum: spread \(spread), seed \(seed)")
        var random = Mutator(seed: seed)
        var book = OrderBook()
        try book.replace(bids: [PriceLevel]().span, asks: [PriceLevel]().span)
        var memory: [UInt8] = []
        for message in 0..<20_000 {
            let bids = (0..<random.next(4)).map { _ in KrakenChecksumTests.level(&random, 0, spread) }
            let asks = (0..<random.next(4)).map { _ in KrakenChecksumTests.level(&random, spread, spread) }
            try book.apply(bids: bids.span, asks: asks.span)
            let found = KrakenChecksum.of(book, &memory)
            try #require(found == KrakenChecksumTests.plainly(book), "message \(message)")
        }
    }

    @Test(
        "is that of all digits of the wire, of numbers that 64 bits do not hold, too",
        arguments: [true, false]
    )
    func longNumbers(isFast: Bool) throws {
        var session = Session(.kraken, .spot)
        let space = isFast ? "" : " "
        let asks = #"{"price":1.00000,"qty":1000000000000.00000000}"#
        let snapshot =
            #"{"channel":"book","type":"snapshot","data":[{"symbol":"A/B","bids":[{"price":0.50000,"qty":2.00000000}],"asks":[\#(asks)],"checksum":1938919231,"timestamp":"2024-01-02T03:04:05Z"}]}"#
        let update =
            #"{"channel":"book","type":"update","data":[{"symbol":"A/B","bids":[],"asks":[{"price":1.01000,"qty":3.00000000}],"checksum":2214501480,"timestamp":"2024-01-02T03:04:05Z"}]}"#
        for frame in [snapshot, snapshot, update] { _ = session.take(frame + space) }
        #expect(session.counts.checksumsVerified == 3 && session.counts.checksumsFailed == 0)
        #expect(
            session.keepers[0].book.ask(at: 0).size == FixedDecimal(mantissa: 1_000_000_000_000, scale: 0)
        )
    }

    /// Sizes of one digit and of nineteen, few of them, so that prices and sizes come again.
    private static func level(_ random: inout Mutator, _ low: Int, _ spread: Int) -> PriceLevel {
        let sizes: [Int64] = [0, 1, 10, 18_967_538, 9_223_372_036_854_775_807, 7_000_000_000]
        let price = Int64(1 + low + random.next(spread)) * (spread > 1000 ? 40_000_000_000_000 : 1)
        let size = FixedDecimal(
            mantissa: sizes[random.next(sizes.count)],
            scale: UInt8(random.next(9)),
            zeros: random.next(20) == 0 ? 7 : 0
        )
        return PriceLevel(price: FixedDecimal(mantissa: price, scale: 1), size: size)
    }

    /// As the venue describes it: ten asks from the lowest, ten bids from the highest, without points and
    /// leading zeros.
    private static func plainly(_ book: OrderBook) -> UInt32 {
        let asks = (0..<min(10, book.askCount)).map { book.ask(at: $0) }
        let bids = (0..<min(10, book.bidCount)).map { book.bid(at: $0) }
        let text = (asks + bids).flatMap { [$0.price, $0.size] }
            .map { $0.description.replacing(".", with: "").drop { $0 == "0" } }
            .joined()
        return CRC32.checksum(Array(text.utf8).span.bytes)
    }
}
