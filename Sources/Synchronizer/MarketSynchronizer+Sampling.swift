import MarketModel

// Rows off the grid: one per driving event or per bar. They follow log order: a row holds all that came
// before it closes, and nothing is late.
extension MarketSynchronizer {
    /// Adds a trade off the grid; it may close its own row.
    mutating func addSampled(
        _ trade: Trade,
        time: Int64,
        drives: Bool,
        for host: inout some SynchronizerHost
    ) {
        let index = trade.instrument.position
        states[index].trades.insert(trade, time: time)
        guard drivers.contains(.trades) else { return }
        if drives { states[index].lastDriving = max(states[index].lastDriving, time) }
        guard advanceBar(trade, drives: drives, for: &host) else { return }
        sample(index, at: time, for: &host)
    }

    private mutating func advanceBar(
        _ trade: Trade,
        drives: Bool,
        for host: inout some SynchronizerHost
    ) -> Bool {
        guard let bars = options.bars else { return drives }
        let index = trade.instrument.position
        let isInverse = host.market(of: trade.instrument) == .inverse
        let isReached = states[index].bar.advance(bars, with: trade, isInverse: isInverse)
        // A trade with a wrong stamp counts, but only a good one closes the bar.
        guard isReached, drives else { return false }
        states[index].bar.restart()
        return true
    }

    /// Adds a liquidation off the grid; it may close its own row.
    mutating func addSampled(
        _ liquidation: Liquidation,
        time: Int64,
        drives: Bool,
        for host: inout some SynchronizerHost
    ) {
        let index = liquidation.instrument.position
        states[index].liquidations.insert(liquidation, time: time)
        guard drives, drivers.contains(.liquidations) else { return }
        sample(index, at: time, for: &host)
    }

    /// Closes a row at a driving time, with all waiting events.
    mutating func sample(
        _ index: Int,
        at time: Int64,
        for host: inout some SynchronizerHost
    ) {
        let ts = max(states[index].lastDriving, time)
        states[index].lastDriving = ts
        emitSample(index, ts: ts, isPartial: false, for: &host)
    }

    /// Emits what came after the last row as a partial row; an instrument without driving events has no
    /// rows.
    mutating func finishSample(
        _ index: Int,
        for host: inout some SynchronizerHost
    ) {
        let driven = isCommon ? common.time : states[index].lastDriving
        guard driven != .min else {
            dropBuffered(index)
            return
        }
        guard let last = states[index].lastBuffered(before: .max) else { return }
        emitSample(index, ts: max(driven, last), isPartial: true, for: &host)
    }

    /// Captures the book as before the current frame, for a row that closes in it.
    mutating func holdFrameBook(_ index: Int, for host: inout some SynchronizerHost) {
        guard !drivers.contains(.book), states[index].heldFrame != frameNumber else { return }
        refreshView(index, for: &host)
        states[index].heldView.view.copy(states[index].row.book.view)
        states[index].heldFrame = frameNumber
    }
}
