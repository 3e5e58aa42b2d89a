package import MarketModel

/// Decodes one connection of Deribit's JSON-RPC v2; the facts are in `WIRE.md` beside this file.
package struct DeribitDecoder: OrderingDecoder {
    package let readsInOrder: Bool
    package var names: InstrumentNames
    /// The ids of unanswered requests that end channels: both kinds of request have the same answer.
    var ending: [[UInt8]] = []

    package init(venue: VenueIndex, readsInOrder: Bool = true) {
        self.readsInOrder = readsInOrder
        names = InstrumentNames(venue: venue)
    }

    package mutating func sent(_ frame: RawSpan, receiveTime: Int64) {
        guard JSONValidator.isValid(frame) else { return }
        let root = JSONValue.root(of: frame)
        guard root.member("method", in: frame)?.isString("public/unsubscribe", in: frame) == true else {
            return
        }
        ending.append(Self.id(of: root, frame))
    }

    package mutating func connectionReset() { ending = [] }

    // MARK: - Frames in the usual order

    @inline(__always)
    package mutating func decodeInOrder(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> Bool {
        var reader = OrderedReader(frame)
        guard
            reader.cursor.consume(#"{"jsonrpc":"2.0","method":"subscription","params":{"channel":""#),
            let name = reader.cursor.plainEnd(Self.longestName),
            let channel = DeribitChannel(frame.bytes.extracting(name))
        else { return false }
        let start = batch.readingStart()
        var message = DeribitMessage(reader: reader, depth: channel.depth, receiveTime: receiveTime)
        switch channel.kind {
        case .book: _ = readBook(&message, &batch)
        case .trades: _ = readTrades(&message, &batch)
        case .ticker: _ = readTicker(&message, &batch)
        case .quote, .perpetual, .ignored: return false
        }
        return batch.keeps(message.reader.isComplete, since: start)
    }

    /// The longest name of a channel taken for one, in bytes.
    static let longestName = 128

    // MARK: - All frames

    package mutating func decodeSearching(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome {
        let text = frame.bytes
        let root = SearchingReader(frame).object
        guard let method = root.member("method", in: text) else {
            return decodeAnswer(root, text, receiveTime, &batch)
        }
        guard method.isString("subscription", in: text) else {
            return method.isString("heartbeat", in: text) ? .ignored : .unknown
        }
        guard let parameters = root.member("params", in: text),
            let name = parameters.member("channel", in: text),
            let channel = JSONString.withBytes(of: name, in: text, { DeribitChannel($0) }) ?? nil
        else { return .unknown }
        let reader = SearchingReader(frame, at: parameters)
        var message = DeribitMessage(reader: reader, depth: channel.depth, receiveTime: receiveTime)
        switch channel.kind {
        case .book: return readBook(&message, &batch)
        case .trades: return readTrades(&message, &batch)
        case .ticker, .quote: return readTicker(&message, &batch)
        case .perpetual: return readPerpetual(name, channel, &message, &batch)
        case .ignored: return .ignored
        }
    }

    // MARK: - Answers

    /// Answers to requests: a list names the channels that began, or ended where that was asked.
    private mutating func decodeAnswer(
        _ answer: JSONValue,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard let result = answer.member("result", in: text) ?? answer.member("error", in: text) else {
            return .unknown
        }
        let id = Self.id(of: answer, text)
        let ended = ending.firstIndex(of: id)
        if let ended { ending.remove(at: ended) }
        guard result.kind(in: text) == .array else { return .ignored }
        batch.frameTime = answer.member("usOut", in: text)?.unixTime(in: text)
        var granted = result.elements(in: text)
        while let name = granted.next(in: text) {
            let found = JSONString.withBytes(of: name, in: text) {
                bytes -> (DeribitChannel, InstrumentIndex)? in
                guard let channel = DeribitChannel(bytes), channel.kind != .ignored, channel.kind != .quote
                else { return nil }
                let symbol = bytes.extracting(channel.symbol)
                return names.instrument(of: symbol, &batch.instruments).index.map { (channel, $0) }
            }
            guard let (channel, instrument) = found ?? nil else { continue }
            let feeds = channel.feeds(of: batch.instruments[instrument].symbol)
            guard !feeds.isEmpty else { continue }
            // A whole book and a window of it end apart.
            let depth = channel.kind == .book ? channel.depth : nil
            batch.append(
                ended == nil ? .live : .unsubscribed,
                feeds,
                instrument,
                depth: depth,
                at: receiveTime
            )
        }
        return .ignored
    }

    private static func id(of message: JSONValue, _ text: RawSpan) -> [UInt8] {
        Array((message.member("id", in: text)?.identifier(in: text) ?? "").utf8)
    }
}

extension DeribitDecoder {
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("ending", &ending)
    }
}
