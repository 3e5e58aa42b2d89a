/// The tickers of a source, merged over their deltas, so that who subscribes in the middle gets a whole one.
public protocol ServedTickers: Sendable {
    /// Merges a frame, if it is a ticker's.
    mutating func follow(_ frame: RawSpan)
    /// A symbol's ticker as a snapshot; nil before its first frame.
    func snapshot(of symbol: String) -> String?
}
