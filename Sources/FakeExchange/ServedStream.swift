import Exchanges
import MarketModel
import NIOCore

/// A source being served to clients: its next frame, and the books at the last one.
///
/// Shared by resuming clients, so that a peeked frame is not lost.
final class ServedStream {
    private let source: any ServedFrames
    private var books: ServedBooks
    private let rules: any ServerRules
    private let replyRules: (any ReplyRules)?
    private var numbers: (any ServedNumbers)?
    /// The last reply to each request, other than for seeds.
    private var values: [String: [UInt8]] = [:]
    private var next: (time: Int64, bytes: [UInt8])?
    private(set) var isOver = false
    /// When a frame went out from which on the source runs at its speed, and its recorded time.
    var origin: (now: NIODeadline, time: Int64)?
    private var lastTime: Int64 = 0
    /// The number of the last message, for venues that number them.
    private var lastNumber: Int64 = -1

    init(_ source: any ServedFrames, _ exchange: any Exchange, market: Market, definitions: String? = nil) {
        self.source = source
        rules = exchange.server(of: market)
        replyRules = exchange.replyRules(of: market)
        numbers = rules.makeNumbers()
        books = ServedBooks(exchange, market: market, definitions: definitions)
    }

    /// The current recorded time: of the next frame, or at the end of the last.
    var time: Int64 { nextTime() ?? lastTime }

    /// The time of the next frame; nil at the end.
    func nextTime() -> Int64? {
        while next == nil, !isOver {
            let goesOn = source.next { time, path, bytes in
                if let path {
                    follow(bytes, path, at: time)
                } else {
                    let frame = bytes.withUnsafeBytes { Array($0) }
                    next = (time, numbers?.renumber(frame) ?? frame)
                }
            }
            isOver = !goesOn
        }
        return next?.time
    }

    private func follow(_ reply: RawSpan, _ path: String, at time: Int64) {
        guard !books.follow(reply: reply, path: path, at: time) else { return }
        values[path] = reply.withUnsafeBytes { Array($0) }
    }

    /// The reply to a request now: the seed of a book, with what is amiss with it, or the value that the source had
    /// last; nil if there is none.
    func reply(to path: String, _ faults: [ServedFault.Kind]) -> [UInt8]? {
        guard let replyRules, let wanted = replyRules.seed(requestedBy: path) else { return values[path] }
        guard var seed = books.seed(of: wanted.symbol, isFirst: faults.contains(.early)) else { return nil }
        seed.cut(to: wanted.depth)
        if faults.contains(.old) { seed.updateID -= Self.oldLag }
        if faults.contains(.wrong) { seed.mislead() }
        return Array(replyRules.reply(seeding: seed).utf8)
    }

    /// How much less the number of an old seed is.
    private static let oldLag: Int64 = 1_000_000

    /// Removes and returns the next frame; nil at the end.
    func popNext() -> [UInt8]? {
        guard nextTime() != nil, let frame = next else { return nil }
        (next, lastTime) = (nil, frame.time)
        books.follow(frame.bytes.span.bytes, at: frame.time)
        if let number = rules.messageNumber(in: frame.bytes.span.bytes) { lastNumber = number.value }
        return frame.bytes
    }

    /// The number that the next message of the source should have.
    var nextNumber: Int64 { lastNumber + 1 }

    /// How many of the topics have a snapshot now; none before the source's own.
    func count(of topics: [ServedTopic]) -> Int {
        topics.count { books.snapshot(of: $0, number: 0) != nil }
    }

    /// The snapshots a venue would send for topics subscribed now.
    func snapshots(of topics: [ServedTopic], from number: Int64) -> [String] {
        var number = number
        return topics.compactMap { topic in
            guard let text = books.snapshot(of: topic, number: number) else { return nil }
            number += 1
            return text
        }
    }
}
