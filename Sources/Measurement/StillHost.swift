public import MarketModel
import OrderBooks
public import Pipeline
public import Synchronizer

/// A host of one book that never changes, which counts rows and ignores their contents: to measure the
/// synchronizer alone.
public struct StillHost: FrameHost {
    /// The rows so far.
    public private(set) var rows = 0
    private var book = OrderBook()

    /// A book of `levels` levels a side.
    public init(levels: Int) {
        let size = FixedDecimal(mantissa: 1, scale: 0)
        let bids = (0..<levels).map { StillHost.level(1_000_000 - $0, size) }
        let asks = (0..<levels).map { StillHost.level(1_000_001 + $0, size) }
        // Prices of one scale always fit.
        try? book.replace(bids: bids.span, asks: asks.span)
    }

    private static func level(_ tenths: Int, _ size: FixedDecimal) -> PriceLevel {
        PriceLevel(price: FixedDecimal(mantissa: Int64(tenths), scale: 1), size: size)
    }

    /// Accepts all messages.
    @inlinable
    public func accept(_ update: BookUpdate, on connection: Int32) -> Bool { true }

    /// Leaves the book as it is.
    @inlinable
    public func apply(
        _ update: BookUpdate,
        levels: Span<PriceLevel>,
        on connection: Int32
    ) -> BookChange { BookChange() }

    /// Used by bars only, which are not measured.
    public func market(of instrument: InstrumentIndex) -> Market { .linear }

    /// Shows the book.
    public mutating func capture(
        _ instrument: InstrumentIndex,
        depth: Int,
        content: BookContent,
        into view: inout BookView
    ) {
        view.read(&book, depth: depth, content: content)
    }

    /// Counts a row.
    public mutating func emit(_ row: borrowing MarketSnapshot) { rows += 1 }

    /// Ignores it.
    public func reanchored(_ jump: ClockJump) {}
}
