package import MarketModel

/// Whole books: seeds from replies, best levels of spot; and the other replies.
extension BinanceDecoder {
    package mutating func decodeReply(
        _ body: RawSpan,
        path: String,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome {
        guard JSONValidator.isValid(body) else { return .unknown }
        return body.withUnsafeBytes { frame in
            let (text, root) = (frame.bytes, JSONValue.root(of: frame.bytes))
            if root.kind(in: text) == .array { return funding.learn(root, in: text) ? .ignored : .unknown }
            if root.member("openInterest", in: text) != nil {
                return readInterest(root, text, receiveTime, &batch)
            }
            guard root.member("lastUpdateId", in: text) != nil else { return .unknown }
            let query = BinanceQuery(path)
            let named =
                query.symbol.map { names.instrument(of: $0.span.bytes, &batch.instruments) }
                ?? instrument(ofSeed: root, text, &batch)
            let usual = market == .spot ? 100 : 500
            let limit = path.isEmpty ? 0 : query.limit ?? usual
            return readWhole(root, frame, of: named, .seed, limit: limit, receiveTime, &batch)
        }
    }

    /// Reads a book without a kind: the best levels of spot, or a seed that was logged as a frame.
    mutating func readWhole(
        _ whole: JSONValue,
        _ stream: JSONValue?,
        _ frame: UnsafeRawBufferPointer,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let text = frame.bytes
        guard stream == nil else {
            return JSONString.withBytes(of: stream ?? .none, in: text) { name in
                readWhole(whole, name, frame, receiveTime, &batch)
            } ?? .unknown
        }
        if let partial = subscriptions.lonePartial {
            return readWhole(whole, partial.span.bytes, frame, receiveTime, &batch)
        }
        let named = instrument(ofSeed: whole, text, &batch)
        return readWhole(whole, frame, of: named, .seed, limit: 0, receiveTime, &batch)
    }

    /// Reads a book whose stream names the symbol.
    private func readWhole(
        _ whole: JSONValue,
        _ name: RawSpan,
        _ frame: UnsafeRawBufferPointer,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let stream = BinanceStream(name)
        let length = min(BinanceStream.symbolEnd(name), InstrumentNames.longest + 1)
        let named = withUnsafeTemporaryAllocation(byteCount: max(length, 1), alignment: 1) { symbol in
            for index in 0..<length { symbol[index] = BinanceStream.upper(JSONValue.byte(name, index)) }
            let bytes = UnsafeRawBufferPointer(rebasing: symbol[..<length]).bytes
            return names.instrument(of: bytes, &batch.instruments)
        }
        let limit = Int(stream.depth ?? 0)
        guard stream == .seed || limit > 0 else { return .unknown }
        return readWhole(whole, frame, of: named, stream, limit: limit, receiveTime, &batch)
    }

    /// Reads `{"lastUpdateId":…,"E":…,"T":…,"symbol":"…","pair":"…","bids":[["p","s"],…],"asks":[…]}`; `limit` is the
    /// most levels a side that it can hold, 0 where that is not known.
    private func readWhole(
        _ whole: JSONValue,
        _ frame: UnsafeRawBufferPointer,
        of named: NamedInstrument,
        _ stream: BinanceStream,
        limit: Int,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        if named.isUnsubscribed { return batch.countUnsubscribedFrame() }
        guard let instrument = named.index else { return .unknown }
        var reader = SearchingReader(frame, at: whole)
        let (mark, firstLevel) = (batch.mark(), batch.levels.count)
        let number = reader.number(#","lastUpdateId":"#)
        let time = BinanceDecoder.time(of: reader.unixTime(#","T":"#), or: reader.unixTime(#","E":"#))
        var counts: (bids: Int, asks: Int)?
        batch.levels.append(addingCapacity: frame.count / 10 + 1) { levels in
            counts = Self.readSides(&reader, bids: #","bids":["#, asks: #","asks":["#, .array, &levels)
        }
        guard let number, let time, let counts else {
            batch.rewind(to: mark)
            return batch.countUnreadableFrame()
        }
        batch.frameTime = time.value
        var update = BookUpdate(
            instrument: instrument,
            isSnapshot: true,
            depth: stream.depth ?? 0,
            firstLevel: firstLevel,
            bidCount: counts.bids,
            askCount: counts.asks,
            updateID: number,
            exchangeTime: time.value,
            receiveTime: receiveTime
        )
        (update.hasAllBids, update.hasAllAsks) = (counts.bids < limit, counts.asks < limit)
        // On futures the first change that is newer holds the seed's own number, on spot the next.
        if stream == .seed { update.link.first = market == .spot ? number &+ 1 : number }
        batch.append(update)
        return .decoded
    }

    /// What a seed is of that no request or stream names: of its own symbol, else of that of all book messages.
    private func instrument(
        ofSeed seed: JSONValue,
        _ text: RawSpan,
        _ batch: inout EventBatch
    ) -> NamedInstrument {
        if let symbol = seed.member("symbol", in: text) {
            return names.instrument(of: symbol, in: text, &batch.instruments)
        }
        return loneBook.map { .instrument($0) } ?? .unreadable
    }

    /// Reads `{"openInterest":"…","symbol":"BTCUSDT","time":…}`.
    private func readInterest(
        _ body: JSONValue,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard let symbol = body.member("symbol", in: text) else { return batch.countUnreadableFrame() }
        let named = names.instrument(of: symbol, in: text, &batch.instruments)
        if named.isUnsubscribed { return batch.countUnsubscribedFrame() }
        guard let instrument = named.index,
            let interest = body.member("openInterest", in: text)?.magnitude(in: text),
            let time = body.member("time", in: text)?.unixTime(in: text)
        else { return batch.countUnreadableFrame() }
        batch.frameTime = time
        batch.append(
            OpenInterest(
                instrument: instrument,
                openInterest: interest,
                value: nil,
                markPrice: funding.mark(of: instrument),
                exchangeTime: time,
                receiveTime: receiveTime
            )
        )
        return .decoded
    }
}
