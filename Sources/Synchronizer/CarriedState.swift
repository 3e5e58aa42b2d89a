import MarketModel

/// A funding rate or open interest: rows show the latest before their edge.
protocol CarriedState: InstrumentEvent {
    /// Lets it wait for the first row that shows it.
    func insert(into rows: inout RowAssembler, at time: Int64, _ grid: Grid)
}

extension FundingRate: CarriedState {
    func insert(into rows: inout RowAssembler, at time: Int64, _ grid: Grid) {
        rows.insert(self, at: time, grid)
    }
}

extension OpenInterest: CarriedState {
    func insert(into rows: inout RowAssembler, at time: Int64, _ grid: Grid) {
        rows.insert(self, at: time, grid)
    }
}
