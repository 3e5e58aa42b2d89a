import MarketModel

/// What a collector keeps of an instrument beside its rows.
struct KeptTrack: StateCodable {
    var instrument = Instrument.blank
    /// The times of the last row: nanoseconds since the Unix epoch.
    var ts: Int64 = 0
    var available: Int64 = 0
    /// Rows in the file.
    var stored = 0
    var rows = 0
    var jumped = false
    var run = 0
    var summary: RowSummary

    init(features: Int) { summary = RowSummary(features: features) }

    init(_ track: RowCollector.Track) {
        (instrument, ts, available) = (track.instrument, track.row.ts, track.row.available)
        (stored, rows, jumped, run) = (track.writer.rows, track.rows, track.jumped, track.run)
        summary = track.summary
    }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("instrument", &instrument)
        try coder.field("ts", &ts)
        try coder.field("available", &available)
        try coder.field("stored", &stored)
        try coder.field("rows", &rows)
        try coder.field("jumped", &jumped)
        try coder.field("run", &run)
        try coder.field("summary", &summary)
    }
}
