public import MarketModel
import OrderBooks

/// One row before it becomes numbers: the content of `[ts − P, ts)` of one instrument.
public struct MarketSnapshot: Sendable {
    /// The instrument.
    public var instrument: InstrumentIndex
    /// The row's label, its right edge: nanoseconds since the Unix epoch, UTC.
    public var ts: Int64
    /// The receive time of the frame at which the row was emitted: nanoseconds since the Unix epoch, UTC.
    public var tsAvailable: Int64
    /// The book; of one that is not synced only the state.
    package var book = BoxedBookView()
    /// The trades of the period in (time, log order).
    public var trades: [Trade]
    /// The liquidations of the period in (time, log order).
    public var liquidations: [Liquidation]
    // Behind a pointer: a snapshot is copied when it is passed on, and these rarely change.
    private var states: ContiguousArray<RowStates> = [RowStates()]
    /// The times of the funding rate and of the open interest in the basis; `Int64.min` before the first.
    package var fundingTime: Int64 = .min
    package var interestTime: Int64 = .min
    /// How far the row can be trusted.
    public var quality: RowQuality

    /// Whether there was a synced book.
    package var hasBook: Bool { book.view.state == .synced }

    /// The latest book strictly before `ts`; nil unless it is synced.
    public var orderbook: BookView? {
        get { hasBook ? book.view : nil }
        set { book.view = newValue ?? BookView() }
    }

    /// `ts` minus the book's time in the basis, nanoseconds; nil without a book.
    public var bookAge: Int64? { hasBook ? ts &- book.view.time : nil }

    /// `ts` minus the funding rate's time in the basis, nanoseconds; nil without one.
    public var fundingAge: Int64? { fundingTime == .min ? nil : ts &- fundingTime }

    /// `ts` minus the open interest's time in the basis, nanoseconds; nil without one.
    public var interestAge: Int64? { interestTime == .min ? nil : ts &- interestTime }

    /// The latest funding rate strictly before `ts`, carried forward.
    public var fundingRate: FundingRate? {
        get { states[0].fundingRate }
        set { states[0].fundingRate = newValue }
    }

    /// The latest open interest strictly before `ts`, carried forward.
    public var openInterest: OpenInterest? {
        get { states[0].openInterest }
        set { states[0].openInterest = newValue }
    }

    /// An empty row of an instrument.
    public init(instrument: InstrumentIndex = InstrumentIndex(0), ts: Int64 = 0, tsAvailable: Int64 = 0) {
        self.instrument = instrument
        self.ts = ts
        self.tsAvailable = tsAvailable
        trades = []
        liquidations = []
        quality = RowQuality()
    }
}

/// The states that a row shows, carried forward.
private struct RowStates: Sendable {
    var fundingRate: FundingRate?
    var openInterest: OpenInterest?
}
