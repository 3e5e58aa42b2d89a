import MarketModel

extension MarketSynchronizer {
    /// Begins a frame: its time is that of the rows emitted from now on, and under the external clock the
    /// ticks due by its receive time are fired before its events.
    ///
    /// Frames come in the order of their receive times.
    public mutating func begin(
        frame: FrameStamp,
        books: borrowing some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        admit(connection: frame.connection)
        let connection = Int(frame.connection)
        connections[connection].previous = connections[connection].current
        connections[connection].current = time(of: frame)
        lastFrame = frame.receiveTime
        guard isTicked, lastTick == nil, !isFinished, frame.receiveTime >= nextTick else { return }
        let index = grid.index(of: frame.receiveTime)
        nextTick = grid.edge(of: index + 1)
        move(to: index, books: books, into: &consumer)
    }

    /// Fires an explicit tick of the external clock; its frames then fire none.
    public mutating func tick(
        at time: Int64,
        books: borrowing some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        guard isTicked, !isFinished else { return }
        lastTick = max(lastTick ?? time, time)
        move(to: grid.index(of: time), books: books, into: &consumer)
    }

    /// Moves the external clock into the period `index`.
    private mutating func move(
        to index: Int64,
        books: borrowing some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        guard let known = tickIndex else {
            tickIndex = index
            for instrument in joined { anchor(instrument.position, at: index) }
            return
        }
        guard index > known else { return }
        tickIndex = index
        let tick = grid.edge(of: index)
        for instrument in joined { tracks[instrument.position].lastDriving = tick }
        advanceAll(to: grid.index(of: tick &- options.holdBack), books: books, into: &consumer)
    }

    /// Moves an instrument's clock to a driving time.
    mutating func drive(
        _ place: Int,
        to time: Int64,
        books: borrowing some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        if isFinished { return }
        if time > tracks[place].lastDriving { tracks[place].lastDriving = time }
        guard tracks[place].index != nil else {
            anchor(place, at: grid.index(of: time))
            return
        }
        guard time >= tracks[place].nextMove else { return }
        advance(place, to: grid.index(of: time &- options.holdBack), books: books, into: &consumer)
    }

    /// Sets an instrument's clock for the first time; what lies before it has no row.
    mutating func anchor(_ place: Int, at index: Int64) {
        guard tracks[place].index == nil else { return }
        tracks[place].index = index
        tracks[place].anchorIndex = index
        tracks[place].nextMove = grid.edge(of: index + 1) &+ options.holdBack
        if isTicked { tracks[place].lastDriving = grid.edge(of: index) }
        let edge = grid.edge(of: index)
        counters.beforeFirstRow += tracks[place].trades.drop(before: edge)
        counters.beforeFirstRow += tracks[place].liquidations.drop(before: edge)
    }

    /// Ends the replay: emits the rows that still hold something, and says which are partial.
    ///
    /// Idempotent.
    public mutating func finish(
        books: borrowing some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        if isFinished { return }
        for instrument in joined { finish(instrument.position, books: books, into: &consumer) }
        isFinished = true
    }

    private mutating func finish(
        _ place: Int,
        books: borrowing some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        guard let index = tracks[place].index else {
            counters.beforeFirstRow += tracks[place].trades.dropAll()
            counters.beforeFirstRow += tracks[place].liquidations.dropAll()
            return
        }
        let end = isTicked ? (lastTick ?? lastFrame) : tracks[place].lastDriving
        var last = grid.row(of: end)
        // A tick on an edge opens no row.
        if lastTick != nil, end == grid.edge(of: last - 1) { last -= 1 }
        if let buffered = tracks[place].lastBuffered(before: .max) {
            last = max(last, grid.row(of: buffered))
        }
        guard last > index else { return }
        let plan = plan(place, to: last, index: index)
        var row = index
        var emitted: Int64 = 0
        while let next = plan.next(after: row, tracks[place], grid) {
            emit(next, of: place, isPartial: grid.edge(of: next) > end, books: books, into: &consumer)
            row = next
            emitted += 1
        }
        settle(place, from: index, at: last, emitted: emitted, into: &consumer)
    }
}
