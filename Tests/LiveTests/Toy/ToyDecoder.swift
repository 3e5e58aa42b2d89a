import Exchanges
import MarketModel

/// Reads `{"book":SYMBOL,"whole":…,"bids":[[price,size]…],"asks":…,"time":ns}`, `{"trades":SYMBOL,"list":…}` and answers.
struct ToyDecoder: FrameDecoder {
    let venue: VenueIndex

    var sequences: (verified: Int, broken: Int) { (0, 0) }

    mutating func sent(_ frame: RawSpan, receiveTime: Int64) {}

    mutating func restrict(to symbols: SubscribedSymbols) {}

    mutating func connectionReset() {}

    mutating func code(_ coder: inout StateCoder) {}

    mutating func decode(_ frame: RawSpan, receiveTime: Int64, into batch: inout EventBatch) -> FrameOutcome {
        let members = object(in: frame)
        batch.frameTime = (members["time"] as? Int).map(Int64.init)
        if let symbol = members["book"] as? String {
            appendBook(instrument(symbol, &batch), members, receiveTime, nil, &batch)
        } else if let symbol = members["trades"] as? String {
            for entry in members["list"] as? [[String: String]] ?? [] {
                appendTrade(instrument(symbol, &batch), entry, receiveTime, &batch)
            }
        } else if let topic = members["done"] as? String, members["refused"] == nil {
            let parts = topic.split(separator: ":").map(String.init)
            let kinds: FeedKinds = parts[0] == "book" ? .book : .trades
            let instrument = instrument(parts[1], &batch)
            batch.append(
                FeedStatus(
                    .live,
                    kinds: kinds,
                    instrument: instrument,
                    exchangeTime: batch.frameTime,
                    receiveTime: receiveTime
                )
            )
        } else {
            return members["alive"] == nil && members["closing"] == nil ? .unknown : .ignored
        }
        return .decoded
    }

    mutating func decodeReply(
        _ body: RawSpan,
        path: String,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome {
        let members = object(in: body)
        batch.frameTime = (members["time"] as? Int).map(Int64.init)
        if let (symbol, depth) = ToyReplies().seed(requestedBy: path), members["number"] != nil {
            let whole = members.merging(["whole": true]) { $1 }
            appendBook(instrument(symbol, &batch), whole, receiveTime, depth, &batch)
        } else if let interest = members["interest"] as? String {
            let symbol = String(path.split(separator: "=").last ?? "")
            batch.append(
                OpenInterest(
                    instrument: instrument(symbol, &batch),
                    openInterest: decimal(interest),
                    value: nil,
                    markPrice: nil,
                    exchangeTime: batch.frameTime ?? receiveTime,
                    receiveTime: receiveTime
                )
            )
        } else {
            return .unknown
        }
        return .decoded
    }

    private func instrument(_ symbol: String, _ batch: inout EventBatch) -> InstrumentIndex {
        batch.instruments.index(of: Array(symbol.utf8).span.bytes, venue: venue)
    }

    private func decimal(_ text: String?) -> FixedDecimal {
        (try? FixedDecimal(text ?? "")) ?? .zero
    }

    private func appendBook(
        _ instrument: InstrumentIndex,
        _ members: [String: Any],
        _ receiveTime: Int64,
        _ seedDepth: Int?,
        _ batch: inout EventBatch
    ) {
        let first = batch.levels.count
        let sides = ["bids", "asks"].map { members[$0] as? [[String]] ?? [] }
        for level in sides.joined() {
            batch.levels.append(PriceLevel(price: decimal(level.first), size: decimal(level.last)))
        }
        let number = (members["number"] as? Int).map(Int64.init)
        var update = BookUpdate(
            instrument: instrument,
            isSnapshot: members["whole"] as? Bool == true,
            depth: 0,
            firstLevel: first,
            bidCount: sides[0].count,
            askCount: sides[1].count,
            updateID: number,
            exchangeTime: batch.frameTime,
            receiveTime: receiveTime
        )
        if let seedDepth, let number {
            update.link = BookLink(first: number + 1, previous: 0)
            update.hasAllBids = sides[0].count < seedDepth
            update.hasAllAsks = sides[1].count < seedDepth
        } else if let number {
            update.link = BookLink(first: number, previous: number - 1)
        }
        batch.append(update)
    }

    private func appendTrade(
        _ instrument: InstrumentIndex,
        _ entry: [String: String],
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) {
        batch.append(
            Trade(
                instrument: instrument,
                side: entry["side"] == "buy" ? .buy : .sell,
                price: decimal(entry["price"]),
                size: decimal(entry["size"]),
                id: TradeID(entry["id"] ?? "") ?? .none,
                exchangeTime: batch.frameTime ?? receiveTime,
                receiveTime: receiveTime
            )
        )
    }
}
