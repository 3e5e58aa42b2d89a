import Exchanges
import MarketModel

/// A source on its way to clients: the frame that comes next, and the books at the frame served last.
///
/// Clients that resume share one, so that none loses a frame that another had only looked at.
final class ServedStream {
    private let source: any FrameSource
    private var books: ServedBooks?
    private let counts: Bool
    private var next: (time: Int64, bytes: [UInt8])?
    private(set) var isOver = false
    private var lastTime: Int64 = 0
    /// The number of the last message taken, at venues that number them.
    private var lastNumber: Int64 = -1

    init(_ source: any FrameSource, exchange: String, market: String, definitions: String? = nil) {
        self.source = source
        counts = exchange == "coinbase"
        guard let venue = ExchangeCatalog.standard.named(exchange), let market = Market(rawValue: market)
        else {
            return
        }
        books = ServedBooks(venue, market: market, definitions: definitions)
    }

    /// The recorded time now: that of the frame that comes next, or that came last.
    var time: Int64 { nextTime() ?? lastTime }

    /// The time of the frame that comes next; nil at the end.
    func nextTime() -> Int64? {
        if next == nil, !isOver {
            let goesOn = source.next { time, bytes in
                next = (time, bytes.withUnsafeBytes { Array($0) })
            }
            isOver = !goesOn
        }
        return next?.time
    }

    /// Takes the frame that comes next.
    func take() -> [UInt8]? {
        guard nextTime() != nil, let frame = next else { return nil }
        (next, lastTime) = (nil, frame.time)
        books?.follow(frame.bytes.span.bytes, at: frame.time)
        if counts, let number = MessageNumber(frame.bytes.span.bytes) { lastNumber = number.value }
        return frame.bytes
    }

    /// The number that the next message of the source should have.
    var nextNumber: Int64 { lastNumber + 1 }

    /// How many of the topics have a snapshot now: none before the source's own.
    func count(of topics: [ServedTopic]) -> Int {
        topics.count { books?.snapshot(of: $0, number: 0) != nil }
    }

    /// The snapshots a venue would send for topics subscribed now.
    func snapshots(of topics: [ServedTopic], from number: Int64) -> [String] {
        var number = number
        return topics.compactMap { topic in
            guard let text = books?.snapshot(of: topic, number: number) else { return nil }
            number += 1
            return text
        }
    }
}

/// Where a Coinbase message has its number.
struct MessageNumber {
    let value: Int64
    let range: Range<Int>

    init?(_ frame: RawSpan) {
        guard let start = FrameTopic.end(of: #""sequence_num":"#, in: frame) else { return nil }
        var end = start
        while end < frame.byteCount, end - start < 18,
            (0x30...0x39).contains(frame.unsafeLoad(fromByteOffset: end, as: UInt8.self))
        {
            end += 1
        }
        guard end > start else { return nil }
        var value: Int64 = 0
        for range in start..<end {
            value = value * 10 + Int64(frame.unsafeLoad(fromByteOffset: range, as: UInt8.self) - 0x30)
        }
        (self.value, range) = (value, start..<end)
    }

    /// The frame with another number.
    static func shifted(_ frame: [UInt8], by shift: Int64) -> [UInt8] {
        guard shift != 0, let number = MessageNumber(frame.span.bytes) else { return frame }
        return Array(frame[..<number.range.lowerBound]) + Array(String(number.value - shift).utf8)
            + Array(frame[number.range.upperBound...])
    }
}
