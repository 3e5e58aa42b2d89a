import MarketModel

/// The open files of one instrument and stage; each is created with its first row.
final class StageFiles {
    private let longBooks: TableFile<LongBookTable>
    private let wideBooks: TableFile<WideBookTable>
    private let trades: TableFile<TradeTable>
    private let liquidations: TableFile<LiquidationTable>
    private let fundings: TableFile<RepeatingTable<FundingTable>>
    private let interests: TableFile<RepeatingTable<OpenInterestTable>>
    private let layout: BookLayout

    init(_ store: MarketFileStore, _ context: TableContext, _ layout: BookLayout) {
        self.layout = layout
        var empty = context
        empty.depth = 0
        longBooks = TableFile(store, context)
        wideBooks = TableFile(store, layout == .wide ? context : empty)
        trades = TableFile(store, context)
        liquidations = TableFile(store, context)
        fundings = TableFile(store, context)
        interests = TableFile(store, context)
    }

    func write(_ book: BookRow, label: Int64?) throws(MarketFileError) {
        let time = book.exchangeTime ?? book.receiveTime
        let sortTime = label ?? book.receiveTime
        switch layout {
        case .long:
            guard !book.bids.isEmpty || !book.asks.isEmpty else { return }
            try longBooks.append(book, time: time, sortTime: sortTime, label: label)
        case .wide: try wideBooks.append(book, time: time, sortTime: sortTime, label: label)
        }
    }

    func write(_ trade: Trade, label: Int64?) throws(MarketFileError) {
        let sortTime = label ?? trade.receiveTime
        try trades.append(trade, time: trade.exchangeTime, sortTime: sortTime, label: label)
    }

    func write(_ liquidation: Liquidation, label: Int64?) throws(MarketFileError) {
        let sortTime = label ?? liquidation.receiveTime
        try liquidations.append(liquidation, time: liquidation.exchangeTime, sortTime: sortTime, label: label)
    }

    func write(_ funding: FundingRate, label: Int64?) throws(MarketFileError) {
        let sortTime = label ?? funding.receiveTime
        try fundings.append(funding, time: funding.exchangeTime, sortTime: sortTime, label: label)
    }

    func write(_ interest: OpenInterest, label: Int64?) throws(MarketFileError) {
        let sortTime = label ?? interest.receiveTime
        try interests.append(interest, time: interest.exchangeTime, sortTime: sortTime, label: label)
    }

    func finish() throws(MarketFileError) {
        try longBooks.finish()
        try wideBooks.finish()
        try trades.finish()
        try liquidations.finish()
        try fundings.finish()
        try interests.finish()
    }

    func discard() {
        longBooks.discard()
        wideBooks.discard()
        trades.discard()
        liquidations.discard()
        fundings.discard()
        interests.discard()
    }
}
