import MarketModel

/// What a topic's text means, once it has been read tolerantly.
struct BybitTopicMeaning: Sendable {
    var depth: UInt32
    var instrument: InstrumentIndex
    var symbol: FastName
}

/// Book messages as the venue writes them, without white space and with keys in its order:
///
///     {"topic":"orderbook.50.BTCUSDT","type":"delta","ts":…,"data":{"s":"BTCUSDT","b":[["p","s"],…],
///     "a":[…],"u":…,"seq":…},"cts":…}
///
/// `type` and `ts` come in either order (linear and spot differ); `cts` may be missing (before 2023).
extension BybitDecoder {
    /// Decodes a book message of the known shape; false, and nothing changed, if it is another.
    @inline(__always)
    mutating func decodeBookFast(
        _ cursor: inout FastCursor,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> Bool {
        guard let name = cursor.name(), let meaning = meaning(of: name, &batch) else { return false }
        guard let head = BybitDecoder.head(&cursor), cursor.take(#","data":{"s":""#),
            let symbol = cursor.name(), symbol == meaning.symbol, cursor.take(#","b":["#)
        else { return false }
        let mark = batch.mark()
        let firstLevel = batch.levels.count
        var counts = (bids: 0, asks: 0)
        var tail: BybitBookTail?
        // A level takes at least ten bytes: ["1","1"],
        batch.levels.append(addingCapacity: cursor.left / 10 + 1) { levels in
            tail = BybitDecoder.body(&cursor, &levels, &counts)
        }
        guard let tail else {
            batch.rewind(to: mark)
            return false
        }
        batch.frameTime = head.time
        batch.append(
            BookUpdate(
                instrument: meaning.instrument,
                isSnapshot: head.isSnapshot,
                depth: meaning.depth,
                firstLevel: firstLevel,
                bidCount: counts.bids,
                askCount: counts.asks,
                updateID: tail.number,
                exchangeTime: tail.matchTime ?? head.time,
                receiveTime: receiveTime
            )
        )
        return true
    }

    /// Both sides and the numbers behind them; nil if the shape is another.
    @inline(__always)
    private static func body(
        _ cursor: inout FastCursor,
        _ levels: inout OutputSpan<PriceLevel>,
        _ counts: inout (bids: Int, asks: Int)
    ) -> BybitBookTail? {
        guard takeLevels(&cursor, &levels) else { return nil }
        counts.bids = levels.count
        guard cursor.take(#","a":["#), takeLevels(&cursor, &levels) else { return nil }
        counts.asks = levels.count - counts.bids
        return BybitBookTail(&cursor)
    }

    struct Head {
        var isSnapshot: Bool
        var time: Int64
    }

    /// `,"type":…,"ts":…` in either order.
    @inline(__always)
    static func head(_ cursor: inout FastCursor) -> Head? {
        if cursor.take(#","type":""#) {
            guard let isSnapshot = type(&cursor), cursor.take(#","ts":"#), let time = cursor.milliseconds()
            else { return nil }
            return Head(isSnapshot: isSnapshot, time: time)
        }
        guard cursor.take(#","ts":"#), let time = cursor.milliseconds(), cursor.take(#","type":""#),
            let isSnapshot = type(&cursor)
        else { return nil }
        return Head(isSnapshot: isSnapshot, time: time)
    }

    @inline(__always)
    static func type(_ cursor: inout FastCursor) -> Bool? {
        if cursor.take(#"delta""#) { return false }
        return cursor.take(#"snapshot""#) ? true : nil
    }

    /// Levels up to and with the closing bracket.
    @inline(__always)
    private static func takeLevels(_ cursor: inout FastCursor, _ levels: inout OutputSpan<PriceLevel>) -> Bool
    {
        if cursor.take(0x5d) { return true }
        while true {
            guard cursor.take(#"[""#), let price = cursor.decimal(0x22),
                cursor.take(#",""#),
                let size = cursor.decimal(0x22), cursor.take(0x5d), cursor.left > 0,
                price.mantissa > 0
            else { return false }
            levels.append(PriceLevel(price: price, size: size))
            let next = cursor.byte(cursor.offset)
            cursor.offset &+= 1
            if next == 0x2c { continue }
            return next == 0x5d
        }
    }

    /// The meaning of a topic's text; nil if its instrument was never seen, or it is no book's.
    @inline(__always)
    private mutating func meaning(of name: FastName, _ batch: inout EventBatch) -> BybitTopicMeaning? {
        topics[name] ?? learn(name, batch)
    }

    @inline(never)
    private mutating func learn(_ name: FastName, _ batch: borrowing EventBatch) -> BybitTopicMeaning? {
        guard name.isPlain, let topic = name.withBytes(BybitDecoder.bookTopic),
            let instrument = batch.find(topic.symbol, venue: venue, within: subscribed)
        else { return nil }
        let meaning = BybitTopicMeaning(depth: topic.depth, instrument: instrument, symbol: topic.symbol)
        topics.remember(name, meaning)
        return meaning
    }

    /// The parts of a text such as `50.BTCUSDT`.
    private static func bookTopic(_ text: RawSpan) -> (depth: UInt32, symbol: FastName)? {
        var start = 0
        while start < text.byteCount, JSONValue.byte(text, start) != 0x2e { start += 1 }
        guard start < text.byteCount, let depth = BybitTopic.number(text.extracting(0..<start)),
            let symbol = FastName(text.extracting((start + 1)..<text.byteCount))
        else { return nil }
        return (depth, symbol)
    }
}

/// What follows the levels: `,"u":…,"seq":…},"cts":…}` or without `cts`, to the end of the frame.
private struct BybitBookTail {
    var number: Int64
    var matchTime: Int64?

    @inline(__always)
    init?(_ cursor: inout FastCursor) {
        guard cursor.take(#","u":"#), let number = cursor.whole(), cursor.take(#","seq":"#),
            cursor.whole() != nil, cursor.take(0x7d)
        else { return nil }
        self.number = number
        if cursor.take(#","cts":"#) {
            guard let time = cursor.milliseconds() else { return nil }
            matchTime = time
        }
        guard cursor.take(0x7d), cursor.left == 0 else { return nil }
    }
}
