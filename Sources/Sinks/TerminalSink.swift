import Features
import MarketModel
public import Rows

/// A table of the latest rows, for people: at most one per instrument and second.
public final class TerminalSink: RowSink {
    private let put: (String) -> Void
    private var shown: [(instrument: Instrument, ts: Int64)] = []
    private var rows = 0
    private var lines = 0

    /// The columns after time and instrument, each with its width.
    private static let columns: [(scalar: MarketAggregate.Scalar, title: String, width: Int)] = [
        (.midPrice, "mid", 14), (.spread, "spread", 10), (.imbalance, "imbalance", 9),
        (.tradeVolume, "volume", 12), (.tradeVWAP, "vwap", 14), (.tradeCount, "trades", 7),
    ]
    /// The titles are repeated after this many lines.
    private static let page = 40

    /// Prints lines with `put`.
    public init(_ put: @escaping (String) -> Void) { self.put = put }

    /// `terminal`.
    public var name: String { "terminal" }

    /// Nothing: it shows scalars.
    public let wants: RowNeeds = []

    /// Rows seen.
    public var status: String { "\(rows) rows" }

    /// Shows a row if the instrument's last one is a second old.
    public func write(_ row: borrowing Row) {
        rows += 1
        let (instrument, ts) = (row.instrument, row.aggregate.ts)
        if let index = shown.firstIndex(where: { $0.instrument == instrument }) {
            guard ts - shown[index].ts >= UnixTime.second else { return }
            shown[index].ts = ts
        } else {
            shown.append((instrument, ts))
        }
        if lines % Self.page == 0 { put(Self.titles) }
        lines += 1
        put(Self.line(row.aggregate, of: instrument))
    }

    private static var titles: String {
        let numbers = columns.map { right($0.title, $0.width) }.joined(separator: " ")
        return "\(left("time", 24)) \(left("instrument", 28)) \(numbers) book"
    }

    private static func line(_ row: MarketAggregate, of instrument: Instrument) -> String {
        let time = UnixTime.rfc3339(row.ts, fractionDigits: 3)
        let numbers = columns.map { right(row[$0.scalar].map(text) ?? "-", $0.width) }.joined(separator: " ")
        return
            "\(left(time, 24)) \(left(PrintableText.escaped("\(instrument)"), 28)) \(numbers) \(row.bookState)"
    }

    /// At most nine significant digits: these are for people; files have all.
    private static func text(_ value: Double) -> String {
        guard value != 0, value.magnitude < 1e15, value.magnitude > 1e-9 else { return "\(value)" }
        var (scale, magnitude) = (1.0, value.magnitude)
        while magnitude < 1e8 { (scale, magnitude) = (scale * 10, magnitude * 10) }
        return "\((value * scale).rounded() / scale)"
    }

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
