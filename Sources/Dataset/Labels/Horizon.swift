/// How far ahead a label looks, counted from its entry row.
public enum Horizon: Equatable, Sendable {
    /// The row this many rows after the entry row.
    case rows(Int)
    /// The first row whose `ts` is at least this many nanoseconds after the entry row's.
    case time(Int64)

    /// As a plan writes it: `10`, `5s`.
    public var text: String {
        switch self {
        case .rows(let count): String(count)
        case .time(let length): TimeText.text(length)
        }
    }

    /// Reads a horizon: a positive whole number of rows, or a duration.
    static func parse(_ text: String) -> Horizon? {
        if let rows = Int(text) { return (1...1_000_000_000).contains(rows) ? .rows(rows) : nil }
        guard let length = TimeText.duration(text), length > 0 else { return nil }
        return .time(length)
    }
}
