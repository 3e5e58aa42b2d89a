import MarketModel

extension MarketSynchronizer {
    /// Begins a frame: rows emitted from now on are available at its receive time.
    ///
    /// Under the external clock, fires the ticks due by then before its events.
    ///
    /// Precondition: frames are in order of their receive times.
    @inlinable
    public mutating func begin(
        frame: FrameStamp,
        for host: inout some SynchronizerHost
    ) {
        if beginFrame(frame) { fireTicks(for: &host) }
    }

    /// Fires one explicit tick of the external clock, in addition to those of ``TickSource/times(_:)``.
    ///
    /// Ignored without that option, when ticks come from log time alone. Its rows are available at the
    /// later of the tick and the last frame.
    public mutating func tick(
        at time: Int64,
        for host: inout some SynchronizerHost
    ) {
        guard isTicked, !ticksEveryPeriod, !isFinished else { return }
        lastFrame = max(lastFrame, time)
        moveAll(to: time, for: &host)
    }

    @usableFromInline
    mutating func fireTicks(
        for host: inout some SynchronizerHost
    ) {
        if isFinished { return }
        if ticksEveryPeriod {
            // The next period is the common case: avoids a division.
            let isNext = grid.holds(lastFrame, from: common.nextTick)
            let edge = isNext ? common.nextTick : grid.edge(of: grid.index(of: lastFrame))
            common.nextTick = edge &+ grid.period
            moveAll(to: edge, for: &host)
            return
        }
        while common.fired < common.ticks.count, common.ticks[common.fired] <= lastFrame {
            common.fired += 1
            moveAll(to: common.ticks[common.fired - 1], for: &host)
        }
        common.nextTick = common.fired < common.ticks.count ? common.ticks[common.fired] : .max
    }

    /// Moves the clock that all instruments share to a driving time.
    mutating func moveAll(
        to time: Int64,
        for host: inout some SynchronizerHost
    ) {
        common.time = max(common.time, time)
        if emitsPerEvent {
            for instrument in joined { sample(instrument.position, at: time, for: &host) }
            common.index = grid.index(of: common.time)
            return
        }
        guard common.index != nil else {
            anchorAll(at: grid.index(of: time))
            return
        }
        if time >= common.nextPeriod { beginPeriod(of: time) }
        guard time >= common.nextMove else { return }
        let isNext = grid.holds(time, from: common.nextMove)
        let target = isNext ? common.nextTarget : grid.index(of: time &- options.watermarkDelay)
        expectMove(after: target, isNext)
        advanceAll(to: target, for: &host)
    }

    /// Advances the shared clock's period, in which instruments that join later are anchored: anchors
    /// ignore the watermark delay.
    @inline(__always)
    private mutating func beginPeriod(of time: Int64) {
        if grid.holds(time, from: common.nextPeriod), let index = common.index {
            common.index = index &+ 1
            common.nextPeriod = common.nextPeriod &+ grid.period
            return
        }
        let index = grid.index(of: time)
        common.index = index
        common.nextPeriod = grid.edge(of: index + 1)
    }

    /// Sets the driving time from which the rows after `target` are emitted.
    @inline(__always)
    private mutating func expectMove(after target: Int64, _ isNext: Bool) {
        common.nextTarget = target &+ 1
        common.nextMove =
            isNext ? common.nextMove &+ grid.period : grid.edge(of: target + 1) &+ options.watermarkDelay
    }

    private mutating func anchorAll(at index: Int64) {
        common.index = index
        common.nextPeriod = grid.edge(of: index + 1)
        expectMove(after: index, false)
        for instrument in joined { anchor(instrument.position, at: index) }
    }

    /// Moves an instrument's clock, or the shared one, to a driving time; off the grid only the shared one
    /// exists.
    @inline(__always)
    mutating func drive(
        _ position: Int,
        to time: Int64,
        for host: inout some SynchronizerHost
    ) {
        if isFinished { return }
        if isCommon {
            moveAll(to: time, for: &host)
        } else if !emitsPerEvent, states[position].advanceDrivingTime(to: time) {
            move(position, to: time, for: &host)
        }
    }

    mutating func move(
        _ position: Int,
        to time: Int64,
        for host: inout some SynchronizerHost
    ) {
        guard states[position].index != nil else {
            anchor(position, at: grid.index(of: time))
            return
        }
        // The next period is the common case: avoids a division.
        if grid.holds(time, from: states[position].nextMove), options.maxGapFill > 0 {
            emitNext(of: position, for: &host)
            return
        }
        advance(position, to: grid.index(of: time &- options.watermarkDelay), for: &host)
    }

    /// Sets an instrument's clock for the first time; earlier events have no row.
    mutating func anchor(_ position: Int, at index: Int64) {
        guard states[position].index == nil else { return }
        states[position].index = index
        states[position].anchorIndex = index
        states[position].nextMove = grid.edge(of: index + 1) &+ options.watermarkDelay
        let edge = grid.edge(of: index)
        states[position].edge = edge
        counters.beforeFirstRow += states[position].trades.drop(before: edge)
        counters.beforeFirstRow += states[position].liquidations.drop(before: edge)
    }

    /// The greatest driving time of an instrument's clock; `Int64.min` before the first.
    func lastDriving(_ position: Int) -> Int64 { isCommon ? common.time : states[position].lastDriving }
}
