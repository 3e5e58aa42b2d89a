package import MarketModel

/// Decodes one connection of Kraken Futures' WebSocket v1; the facts are in `WIRE.md` beside this file.
package struct KrakenFuturesDecoder: OrderingDecoder {
    package let readsInOrder: Bool
    package var names: InstrumentNames

    package init(venue: VenueIndex, readsInOrder: Bool = true) {
        self.readsInOrder = readsInOrder
        names = InstrumentNames(venue: venue)
    }

    /// Decodes a message whose members come in the usual order; false, and nothing changed, if it is another.
    @inline(__always)
    package mutating func decodeInOrder(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> Bool {
        var reader = OrderedReader(frame)
        guard reader.cursor.consume(#"{"feed":""#) else { return false }
        let isLevel = reader.cursor.consume(#"book""#)
        let isTrade = !isLevel && reader.cursor.consume(#"trade""#)
        let isTop = !isLevel && !isTrade && reader.cursor.consume(#"ticker_lite""#)
        let isList = !isLevel && !isTrade && !isTop && reader.cursor.consume(#"trade_snapshot""#)
        guard isLevel || isTrade || isTop || isList || reader.cursor.consume(#"book_snapshot""#) else {
            return false
        }
        let start = batch.readingStart()
        var message = KrakenFuturesMessage(reader: reader, receiveTime: receiveTime)
        if isLevel {
            _ = readLevel(&message, &batch)
        } else if isTrade {
            _ = readTrade(&message, &batch)
        } else if isTop {
            _ = readTop(&message, &batch)
        } else {
            _ = isList ? readTradeList(&message, &batch) : readBook(&message, &batch)
        }
        return batch.keeps(message.reader.isComplete, since: start)
    }

    package mutating func decodeSearching(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome {
        let text = frame.bytes
        var message = KrakenFuturesMessage(reader: SearchingReader(frame), receiveTime: receiveTime)
        let root = message.reader.object
        if let event = root.member("event", in: text) {
            return decodeEvent(event, root, text, receiveTime, &batch)
        }
        guard let feed = root.member("feed", in: text)?.shortText(in: text) else { return .unknown }
        switch feed {
        case "book": return readLevel(&message, &batch)
        case "trade": return readTrade(&message, &batch)
        case "book_snapshot": return readBook(&message, &batch)
        case "trade_snapshot": return readTradeList(&message, &batch)
        case "ticker": return readTicker(&message, &batch)
        case "ticker_lite": return readTop(&message, &batch)
        case "heartbeat": return .ignored
        default: return .unknown
        }
    }

    // MARK: - Acks

    /// Acks, which name feed and products, and what else is no data.
    private func decodeEvent(
        _ event: JSONValue,
        _ message: JSONValue,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let begins = event.isString("subscribed", in: text)
        guard begins || event.isString("unsubscribed", in: text) else {
            let isKnown = Self.ignoredEvents.contains { event.isString($0, in: text) }
            return isKnown ? .ignored : .unknown
        }
        let kinds = KrakenFutures.kinds(of: message.member("feed", in: text), text)
        var products = message.member("product_ids", in: text)?.elements(in: text)
        while !kinds.isEmpty, let product = products?.next(in: text) {
            let named = names.instrument(of: product, in: text, &batch.instruments)
            guard let instrument = named.index else { continue }
            batch.append(begins ? .live : .unsubscribed, kinds, instrument, at: receiveTime)
        }
        return .ignored
    }

    private static let ignoredEvents: [StaticString] = [
        "info", "error", "alert", "challenge", "subscribed_failed", "unsubscribed_failed",
    ]
}

extension KrakenFuturesDecoder {
    /// Nothing is kept from one message to the next.
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {}
}
