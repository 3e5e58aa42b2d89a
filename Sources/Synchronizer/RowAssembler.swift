import MarketModel

/// What waits for an instrument's next rows: its trades and liquidations, and the states that rows carry on.
struct RowAssembler: Sendable {
    /// Trades counted, without duplicates and snapshot lists.
    private(set) var tradeCount = 0
    private var duplicates = DuplicateFilter()
    private var trades = EventQueue<Trade>()
    private var liquidations = EventQueue<Liquidation>()
    private var funding = CarriedForward<FundingRate>()
    private var interest = CarriedForward<OpenInterest>()
    private var bar = BarProgress()

    /// Remembers a trade's id and counts the trade; false if the id was seen before.
    @inline(__always)
    mutating func register(_ id: borrowing TradeID) -> Bool {
        guard duplicates.insert(id) else { return false }
        tradeCount += 1
        return true
    }

    /// Inserts a trade by its time in the basis.
    @inline(__always)
    mutating func insert(_ trade: Trade, at time: Int64) { trades.insert(trade, time: time) }

    /// Inserts a liquidation by its time in the basis.
    @inline(__always)
    mutating func insert(_ liquidation: Liquidation, at time: Int64) {
        liquidations.insert(liquidation, time: time)
    }

    /// Inserts a funding rate by its time in the basis.
    mutating func insert(_ rate: FundingRate, at time: Int64, _ grid: Grid) {
        funding.insert(rate, time: time, grid: grid)
    }

    /// Inserts an open interest by its time in the basis.
    mutating func insert(_ interest: OpenInterest, at time: Int64, _ grid: Grid) {
        self.interest.insert(interest, time: time, grid: grid)
    }

    /// Adds a trade to the open bar; true if it closes the bar, which it must reach and be allowed to.
    mutating func advanceBar(
        _ bars: Bars,
        with trade: borrowing some FlowEvent,
        isInverse: Bool,
        mayClose: Bool
    ) -> Bool {
        guard bar.advance(bars, with: trade, isInverse: isInverse), mayClose else { return false }
        bar.restart()
        return true
    }

    /// Moves the events before `edge` into a row, and the states that it shows; returns how many events.
    @inline(__always)
    mutating func fill(_ row: inout MarketSnapshot, before edge: Int64) -> RowContent {
        if funding.isDue(before: edge) {
            row.fundingRate = funding.advance(to: edge)
            row.fundingTime = funding.currentTime
        }
        if interest.isDue(before: edge) {
            row.openInterest = interest.advance(to: edge)
            row.interestTime = interest.currentTime
        }
        return RowContent(
            trades: trades.replace(&row.trades, before: edge),
            liquidations: liquidations.replace(&row.liquidations, before: edge)
        )
    }

    // MARK: - What waits

    /// Trades and liquidations.
    var eventCount: Int { trades.count + liquidations.count }

    /// Values of the state of which more wait.
    var stateCount: Int { max(funding.count, interest.count) }

    /// The earliest time of a waiting event.
    var firstTime: Int64? {
        guard let trade = trades.firstTime else { return liquidations.firstTime }
        return min(trade, liquidations.firstTime ?? .max)
    }

    /// The latest time before `edge` of a waiting event.
    func lastTime(before edge: Int64) -> Int64? {
        let trade = trades.lastTime(before: edge)
        guard let liquidation = liquidations.lastTime(before: edge) else { return trade }
        return max(trade ?? .min, liquidation)
    }

    /// The latest time of a waiting event; `Int64.min` if there is none.
    var lastTime: Int64 { max(trades.lastTime ?? .min, liquidations.lastTime ?? .min) }

    /// Whether an event with a time in `[start, end)` waits.
    func holds(_ start: Int64, _ end: Int64) -> Bool {
        trades.holds(start, end) || liquidations.holds(start, end)
    }

    /// Drops the waiting events before `edge`, which no row will hold; returns how many.
    mutating func drop(before edge: Int64) -> Int {
        trades.drop(before: edge) + liquidations.drop(before: edge)
    }

    /// Drops all waiting events; returns how many.
    mutating func dropAll() -> Int { trades.dropAll() + liquidations.dropAll() }

    /// Drops the values of states that no pending row shows.
    mutating func pruneStates(_ grid: Grid, unless isNeeded: (ClosedRange<Int64>) -> Bool) {
        funding.prune(grid, unless: isNeeded)
        interest.prune(grid, unless: isNeeded)
    }
}

extension RowAssembler: StateCodable {
    /// All but the ids of trades, which are a part of their own.
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("tradeCount", &tradeCount)
        try coder.field("trades", &trades)
        try coder.field("liquidations", &liquidations)
        try coder.field("funding", &funding)
        try coder.field("interest", &interest)
        try coder.field("bar", &bar)
    }

    /// The ids of trades seen.
    mutating func codeIDs(_ parts: inout StateParts, _ name: String) throws(StateError) {
        try parts.part(name, &duplicates)
    }

    /// Shows the states of the last row in a row that has none.
    func show(in row: inout MarketSnapshot) {
        (row.fundingRate, row.fundingTime) = (funding.current, funding.currentTime)
        (row.openInterest, row.interestTime) = (interest.current, interest.currentTime)
    }
}
