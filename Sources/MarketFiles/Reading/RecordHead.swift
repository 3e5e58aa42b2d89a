public import MarketModel

/// The common fields of a market file's events.
public struct RecordHead: Sendable, Equatable {
    /// The instrument.
    public var instrument: Instrument
    /// The venue's stamp: nanoseconds since the Unix epoch, UTC; nil if it gave none.
    public var tsEvent: Int64?
    /// When the frame arrived: nanoseconds since the Unix epoch, UTC.
    public var tsRecv: Int64
    /// The label of its row, in `sync` files: nanoseconds since the Unix epoch, UTC.
    public var ts: Int64?
}
