import Features
import MarketModel
import OrderBooks
import Rows
import Synchronizer

/// Receives the rows of a replay, computes features and reference prices, and stores them in one file per
/// instrument.
final class RowCollector: RowSink {
    private let plan: DatasetPlan
    private let folder: String
    var features: any RowFeatures
    var tracks: [Track] = []
    private var latest = 0
    var defined: Set<Instrument> = []
    /// Called once a row, for progress.
    private let progress: (Int) -> Void
    var rows = 0

    struct Track {
        var instrument: Instrument
        var writer: RowStoreWriter
        var row: DatasetRow
        var rows = 0
        var jumped = false
        var run = 0
        var summary: RowSummary
        var isWanted: Bool
    }

    init(_ plan: DatasetPlan, _ features: any RowFeatures, folder: String, progress: @escaping (Int) -> Void)
    {
        self.plan = plan
        self.features = features
        self.folder = folder
        self.progress = progress
    }

    func write(_ row: borrowing Row) throws(DatasetError) {
        try collect(row, into: try track(row.instrument))
    }

    func received(_ notice: Notice) {
        switch notice {
        case .reanchored(_, let instrument):
            guard let position = tracks.firstIndex(where: { $0.instrument == instrument }) else { return }
            tracks[position].jumped = true
        case .defined(let definition, let instrument, let index):
            features.define(index, as: definition)
            if definition.tickSize != nil { defined.insert(instrument) }
        default: break
        }
    }

    /// The instruments in the order of the plan, or of their first events.
    func collected() throws(DatasetError) -> [CollectedInstrument] {
        let names = tracks.map(\.instrument.description)
        for wanted in plan.instruments where !names.contains(wanted) {
            throw .instrumentAbsent(wanted, present: names)
        }
        let order = plan.instruments.isEmpty ? names : plan.instruments
        var collected: [CollectedInstrument] = []
        for (position, track) in tracks.enumerated() where track.isWanted {
            var summary = track.summary
            summary.isDefined = defined.contains(track.instrument)
            collected.append(
                CollectedInstrument(
                    instrument: track.instrument,
                    order: order.firstIndex(of: names[position]) ?? 0,
                    rows: try track.writer.finish(),
                    summary: summary
                )
            )
        }
        return collected.sorted { $0.order < $1.order }
    }

    func track(_ instrument: Instrument) throws(DatasetError) -> Int {
        // Consecutive rows are usually of one instrument.
        if latest < tracks.count, tracks[latest].instrument == instrument { return latest }
        if let position = tracks.firstIndex(where: { $0.instrument == instrument }) {
            latest = position
            return position
        }
        let count = features.columns.count
        let wanted = plan.instruments.isEmpty || plan.instruments.contains(instrument.description)
        tracks.append(
            Track(
                instrument: instrument,
                writer: try RowStoreWriter(path: "\(folder)/rows-\(tracks.count)", features: count),
                row: DatasetRow(features: count),
                summary: RowSummary(features: count),
                isWanted: wanted
            )
        )
        latest = tracks.count - 1
        return latest
    }

    private func collect(_ row: borrowing Row, into position: Int) throws(DatasetError) {
        guard tracks[position].isWanted else { return }
        var stored = DatasetRow(features: 0)
        swap(&stored, &tracks[position].row)
        features.evaluate(
            row.snapshot,
            row.aggregate,
            of: tracks[position].instrument,
            values: &stored.values,
            isPresent: &stored.isPresent
        )
        swap(&stored, &tracks[position].row)
        // Rolling features see every row; rows outside the span are not kept.
        if let from = plan.from, row.snapshot.ts <= from { return }
        if let to = plan.to, row.snapshot.ts > to { return }
        try tracks[position].stamp(row.snapshot, row.aggregate, isFinal: row.isFinal, plan: plan)
        try tracks[position].writer.append(tracks[position].row)
        tracks[position].countRow()
        rows += 1
        if rows % 1024 == 0 { progress(rows) }
    }
}

extension RowCollector.Track {
    /// Fills times, flags and price of the row.
    mutating func stamp(
        _ snapshot: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        isFinal: Bool,
        plan: DatasetPlan
    ) throws(DatasetError) {
        if rows > 0, snapshot.ts < row.ts || snapshot.tsAvailable < row.available {
            let isLabel = snapshot.ts < row.ts
            throw .rowOrder(
                instrument: instrument.description,
                row: rows,
                ts: isLabel ? snapshot.ts : snapshot.tsAvailable,
                previous: isLabel ? row.ts : row.available
            )
        }
        var flags: DatasetRow.Flags = []
        if aggregate.gap { flags.insert(.gap) }
        if aggregate.partial { flags.insert(.partial) }
        if isFinal { flags.insert(.final) }
        // Off the grid rows are as far apart as events.
        let isLate = !plan.emitsPerEvent && snapshot.ts - row.ts > plan.rows.period
        if rows > 0, jumped || isLate { flags.insert(.startsAnew) }
        jumped = false
        row.ts = snapshot.ts
        row.available = snapshot.tsAvailable
        row.flags = flags
        (row.price, row.exactPrice) = price(snapshot, aggregate, plan) ?? (nil, nil)
    }

    private func price(
        _ snapshot: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        _ plan: DatasetPlan
    ) -> (Double?, ExactPrice?)? {
        guard let mid = aggregate[.midPrice], let bid = snapshot.book.view.totals.bestBid,
            let ask = snapshot.book.view.totals.bestAsk
        else { return nil }
        if let maxAge = plan.maxAge, let age = aggregate.bookAge, age > maxAge { return nil }
        switch plan.price {
        case .mid: return ExactPrice(bid: bid.price, ask: ask.price).map { (mid, $0) }
        case .microprice:
            guard let price = Microprice.nearest(bid, ask) else { return nil }
            return ExactPrice(price).map { (price, $0) }
        }
    }

    mutating func countRow() {
        rows += 1
        let breaks = row.price == nil || !row.flags.isDisjoint(with: [.gap, .partial])
        run = breaks ? 0 : row.flags.contains(.startsAnew) ? 1 : run + 1
        summary.longestRun = max(summary.longestRun, run)
        summary.add(row)
    }
}
