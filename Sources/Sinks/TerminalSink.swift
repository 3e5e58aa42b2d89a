public import Features
public import MarketModel
public import Synchronizer

/// A line a row, for people: at most one a second and instrument.
public final class TerminalSink: Sink {
    private let put: (String) -> Void
    private var shown: [(instrument: Instrument, ts: Int64)] = []
    private var rows = 0

    /// Puts lines out by `put`.
    public init(_ put: @escaping (String) -> Void) { self.put = put }

    /// `terminal`.
    public var name: String { "terminal" }

    /// Rows seen.
    public var status: String { "\(rows) rows" }

    /// Shows a row if the instrument's last one is a second old.
    public func write(
        _ snapshot: borrowing MarketSnapshot,
        _ row: MarketAggregate,
        of instrument: Instrument
    ) throws(SinkError) {
        rows += 1
        if let place = shown.firstIndex(where: { $0.instrument == instrument }) {
            guard row.ts - shown[place].ts >= UnixTime.second else { return }
            shown[place].ts = row.ts
        } else {
            shown.append((instrument, row.ts))
        }
        let scalars = MarketAggregate.Scalar.allCases.prefix(4).map { scalar in
            "\(scalar.name) \(row[scalar].map { "\($0)" } ?? "-")"
        }
        let time = UnixTime.rfc3339(row.ts, fractionDigits: 3)
        put("\(time)  \(instrument)  \(scalars.joined(separator: "  "))  book \(row.bookState)")
    }

    /// Nothing is left.
    public func finish() throws(SinkError) {}
}
