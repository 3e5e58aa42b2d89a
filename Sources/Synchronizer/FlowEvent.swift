import MarketModel

/// A trade or a liquidation: an event that belongs to one row.
protocol FlowEvent: Sendable {
    /// Its kind of data.
    static var kind: FeedKinds { get }
    /// The counter of those whose row was emitted or skipped.
    static var lateCounter: WritableKeyPath<SynchronizerCounters, Int> { get }
    var instrument: InstrumentIndex { get }
    var exchangeTime: Int64 { get }
    var receiveTime: Int64 { get }
    var price: FixedDecimal { get }
    var size: FixedDecimal { get }
    /// Whether it belongs to no row: of a list sent on subscribing, or no event of the market.
    var isOfNoRow: Bool { get }
    /// The counter of those.
    var noRowCounter: WritableKeyPath<SynchronizerCounters, Int> { get }
    /// Registers its id; false if that was seen before.
    func register(in rows: inout RowAssembler) -> Bool
    /// Lets it wait for the row of its time.
    func insert(into rows: inout RowAssembler, at time: Int64)
}

extension Trade: FlowEvent {
    static var kind: FeedKinds { .trades }
    static var lateCounter: WritableKeyPath<SynchronizerCounters, Int> { \.lateTrades }
    @inline(__always)
    var isOfNoRow: Bool { isSnapshot || isExcluded }
    var noRowCounter: WritableKeyPath<SynchronizerCounters, Int> {
        isExcluded ? \.excludedTrades : \.snapshotTrades
    }
    @inline(__always)
    func register(in rows: inout RowAssembler) -> Bool { rows.register(id) }
    @inline(__always)
    func insert(into rows: inout RowAssembler, at time: Int64) { rows.insert(self, at: time) }
}

extension Liquidation: FlowEvent {
    static var kind: FeedKinds { .liquidations }
    static var lateCounter: WritableKeyPath<SynchronizerCounters, Int> { \.lateLiquidations }
    @inline(__always)
    var isOfNoRow: Bool { isSnapshot }
    var noRowCounter: WritableKeyPath<SynchronizerCounters, Int> { \.snapshotLiquidations }
    @inline(__always)
    func register(in rows: inout RowAssembler) -> Bool { true }
    @inline(__always)
    func insert(into rows: inout RowAssembler, at time: Int64) { rows.insert(self, at: time) }
}
