public import MarketModel
public import OrderBooks
public import Synchronizer

/// Books that a measured synchronizer reads.
public protocol MeasuredBooks: BookSource {
    /// Applies a message; whether its book is gapped then.
    mutating func apply(_ update: BookUpdate, of batch: borrowing EventBatch, on connection: Int32) -> Bool
}

/// A book that never changes: what the synchronizer reads when it is measured alone.
public struct StillBook: MeasuredBooks {
    private var book = OrderBook()

    /// A book of `levels` levels a side.
    public init(levels: Int) {
        let size = FixedDecimal(mantissa: 1, scale: 0)
        let bids = (0..<levels).map { StillBook.level(1_000_000 - $0, size) }
        let asks = (0..<levels).map { StillBook.level(1_000_001 + $0, size) }
        // Prices of one scale always fit.
        try? book.replace(bids: bids.span, asks: asks.span)
    }

    private static func level(_ tenths: Int, _ size: FixedDecimal) -> PriceLevel {
        PriceLevel(price: FixedDecimal(mantissa: Int64(tenths), scale: 1), size: size)
    }

    /// Does nothing.
    public func apply(_ update: BookUpdate, of batch: borrowing EventBatch, on connection: Int32) -> Bool {
        false
    }

    /// Asked for bars only, which are not measured.
    public func market(of instrument: InstrumentIndex) -> Market { .linear }

    /// Shows the book.
    public mutating func capture(
        _ instrument: InstrumentIndex,
        depth: Int,
        content: BookContent,
        into view: inout BookView
    ) {
        view.take(&book, depth: depth, content: content)
    }
}

/// Books that follow the messages, as in a replay.
public struct LiveBooks: MeasuredBooks {
    private var keepers: [BookKeeper]
    private let rules: [BookRules]

    /// Empty books of so many instruments; `rules` are those of each connection.
    public init(instruments: Int, rules: [BookRules]) {
        keepers = Array(repeating: BookKeeper(), count: instruments)
        self.rules = rules
    }

    /// Applies a message; whether its book is gapped then.
    public mutating func apply(
        _ update: BookUpdate,
        of batch: borrowing EventBatch,
        on connection: Int32
    ) -> Bool {
        let index = update.instrument.position
        _ = keepers[index].apply(
            update,
            levels: batch.levels.span,
            connection: connection,
            rules: rules[Int(connection)]
        )
        return keepers[index].book.state == .gapped
    }

    /// Asked for bars only, which are not measured.
    public func market(of instrument: InstrumentIndex) -> Market { .linear }

    /// Shows the instrument's book as it is.
    public mutating func capture(
        _ instrument: InstrumentIndex,
        depth: Int,
        content: BookContent,
        into view: inout BookView
    ) {
        view.take(&keepers[instrument.position].book, depth: depth, content: content)
    }
}
