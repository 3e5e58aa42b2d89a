import MarketModel

extension MarketSynchronizer {
    /// Ends the data: emits the rows that still hold something, marking those that are partial.
    ///
    /// Calling it again changes nothing.
    public mutating func finish(
        for host: inout some SynchronizerHost
    ) {
        if isFinished { return }
        for instrument in joined {
            if emitsPerEvent {
                finishSample(instrument.position, for: &host)
            } else {
                finish(instrument.position, for: &host)
            }
        }
        isFinished = true
        needsSlowPath = true
    }

    private mutating func finish(
        _ position: Int,
        for host: inout some SynchronizerHost
    ) {
        guard let index = states[position].index else {
            dropBuffered(position)
            return
        }
        let end = endOfData(position)
        var last = grid.row(of: end)
        // An explicit tick on an edge opens no row.
        if isTicked, !ticksEveryPeriod, end == grid.edge(of: last - 1) { last -= 1 }
        if let buffered = states[position].lastBuffered(before: .max) {
            last = max(last, grid.row(of: buffered))
        }
        guard last > index else { return }
        let plan = plan(position, to: last, index: index)
        var row = index
        var emitted: Int64 = 0
        while let next = states[position].next(after: row, plan, grid) {
            emit(next, of: position, isPartial: grid.edge(of: next) > end, for: &host)
            row = next
            emitted += 1
        }
        closeRow(position, from: index, at: last, emitted: emitted, for: &host)
    }

    /// The last driving time; under ticks from log time that is the last frame's.
    private func endOfData(_ position: Int) -> Int64 {
        isTicked && ticksEveryPeriod ? lastFrame : lastDriving(position)
    }

    /// Drops and counts an instrument's waiting events that no row will hold.
    mutating func dropBuffered(_ position: Int) {
        counters.beforeFirstRow += states[position].trades.dropAll()
        counters.beforeFirstRow += states[position].liquidations.dropAll()
    }
}
