import MarketModel

/// Limits the lines shown about one connection: each text once, a number per window, the rest summed up.
struct WarningLimit {
    private let lines: Int
    private let window: Int64
    private var shown: Set<String> = []
    private var began: Int64?
    private var leftOut = 0
    private var last = ""

    /// At most `lines` in each `window` nanoseconds.
    init(lines: Int = 50, window: Int64 = 60 * UnixTime.second) {
        (self.lines, self.window) = (lines, window)
    }

    /// Whether the line is shown; otherwise it is counted.
    mutating func admits(_ line: String, at now: Int64) -> Bool {
        if began == nil { began = now }
        if shown.count < lines, shown.insert(line).inserted { return true }
        (leftOut, last) = (leftOut + 1, line)
        return false
    }

    /// A summary of omitted lines, once the window is over or `isLast` is set; nil if there are none.
    mutating func sum(at now: Int64, isLast: Bool = false) -> String? {
        guard let began, isLast || now - began >= window else { return nil }
        defer { (shown, self.began, leftOut) = ([], nil, 0) }
        guard leftOut > 0 else { return nil }
        return "\(leftOut) further messages like the last: \(PrintableText.shortened(last, to: 200))"
    }
}
