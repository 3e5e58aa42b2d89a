import MarketFiles
import MarketModel
import OrderBooks

/// A decoded event as a line of `cat --events`.
///
/// Common keys: `index` (the frame's number in its file), `type`, `exchange`, `market`, `symbol`,
/// `ts_event_ns`, `ts_recv_ns`. Times and decimals are strings, decimals with the venue's digits; missing
/// values are null.
struct EventLine {
    let index: UInt64
    let event: EventReference

    func json(of batch: borrowing EventBatch, _ books: Span<BookKeeper>) -> JSONOutput {
        let times = batch.times(of: event)
        let instrument = batch.instrument(of: event).map { batch.instruments[$0] }
        var members: [(String, JSONOutput)] = [
            ("index", .count(index)), ("type", .string(type(of: batch))),
            ("exchange", .optional(instrument?.exchange)),
            ("market", .optional(instrument?.market.rawValue)),
            ("symbol", .optional(instrument?.symbol)),
            ("ts_event_ns", times.exchange.map { .wide($0) } ?? .null),
            ("ts_recv_ns", .wide(times.receive)),
        ]
        members += content(of: batch, books)
        return .object(members)
    }

    private func type(of batch: borrowing EventBatch) -> String {
        guard let kind = DataKind.all.first(where: { $0.event == event.kind }) else { return "feed_status" }
        if event.kind == .trade, batch.trades[event.index].isExcluded { return "excluded" }
        let isDelta = event.kind == .book && !batch.books[event.index].isSnapshot
        return kind.eventTypes[isDelta ? 1 : 0]
    }

    private func content(
        of batch: borrowing EventBatch,
        _ books: Span<BookKeeper>
    ) -> [(String, JSONOutput)] {
        switch event.kind {
        case .book: book(batch.books[event.index], batch, books)
        case .trade: EventLine.trade(batch.trades[event.index])
        case .liquidation: EventLine.liquidation(batch.liquidations[event.index])
        case .fundingRate: EventLine.funding(batch.fundingRates[event.index])
        case .openInterest: EventLine.interest(batch.openInterests[event.index])
        case .status: EventLine.status(batch.statuses[event.index])
        }
    }

    private func book(
        _ update: BookUpdate,
        _ batch: borrowing EventBatch,
        _ books: Span<BookKeeper>
    ) -> [(String, JSONOutput)] {
        let book = books[update.instrument.position].book
        var (bids, asks): ([PriceLevel], [PriceLevel]) = ([], [])
        book.copyBids(5, into: &bids)
        book.copyAsks(5, into: &asks)
        return [
            ("update_id", update.updateID.map { .wide($0) } ?? .null),
            ("checksum", update.checksum.map { .count($0) } ?? .null),
            ("bids", EventLine.levels(batch.levels[update.bids])),
            ("asks", EventLine.levels(batch.levels[update.asks])),
            (
                "book",
                .object([
                    ("state", .string(book.state.name)), ("crossed", .bool(book.isCrossed)),
                    ("bid_levels", .integer(book.bidCount)), ("ask_levels", .integer(book.askCount)),
                    ("top_bids", EventLine.levels(bids[...])), ("top_asks", EventLine.levels(asks[...])),
                ])
            ),
        ]
    }

    private static func levels(_ levels: some Sequence<PriceLevel>) -> JSONOutput {
        .array(levels.map { .array([.string($0.price.description), .string($0.size.description)]) })
    }

    private static func trade(_ trade: Trade) -> [(String, JSONOutput)] {
        [
            ("side", .string(trade.side.description)), ("price", .string(trade.price.description)),
            ("size", .string(trade.size.description)),
            ("id", trade.id.isEmpty ? .null : .string(trade.id.description)),
            ("snapshot", .bool(trade.isSnapshot)),
        ]
    }

    private static func liquidation(_ liquidation: Liquidation) -> [(String, JSONOutput)] {
        [
            ("side", .string(liquidation.side.description)),
            ("price", .string(liquidation.price.description)),
            ("size", .string(liquidation.size.description)),
            ("snapshot", .bool(liquidation.isSnapshot)),
        ]
    }

    private static func funding(_ funding: FundingRate) -> [(String, JSONOutput)] {
        [
            ("funding_rate", .string(funding.rate.description)),
            ("interval_hours", .optional(funding.intervalHours?.description)),
            ("next_funding_ns", funding.nextFundingTime.map { .wide($0) } ?? .null),
        ]
    }

    private static func interest(_ interest: OpenInterest) -> [(String, JSONOutput)] {
        [
            ("open_interest", .string(interest.openInterest.description)),
            ("open_interest_value", .optional(interest.value?.description)),
            ("mark_price", .optional(interest.markPrice?.description)),
        ]
    }

    private static func status(_ status: FeedStatus) -> [(String, JSONOutput)] {
        [
            ("change", .string("\(status.change)")),
            ("kinds", .array(status.kinds.names.map(JSONOutput.string))),
        ]
    }
}
