public import MarketModel

/// Rows that close with the trade that reaches a threshold; counting then restarts at 0.
///
/// The closing trade belongs wholly to its bar. Sums are exact decimals, never doubles.
public enum Bars: Sendable, Equatable {
    /// After this many trades.
    case tick(Int)
    /// After this much volume, base.
    case volume(FixedDecimal)
    /// After this much turnover, quote.
    case notional(FixedDecimal)

    /// Reads `tick:N`, `volume:V` or `notional:N`; the threshold is above zero.
    public init(parsing text: String) throws(SynchronizerError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let bars = Bars(kind: String(parts[0]), threshold: String(parts[1])),
            bars.isPositive
        else { throw .bars(text) }
        self = bars
    }

    private init?(kind: String, threshold: String) {
        switch kind {
        case "tick":
            guard let count = Int(threshold) else { return nil }
            self = .tick(count)
        case "volume":
            guard let volume = try? FixedDecimal(threshold) else { return nil }
            self = .volume(volume)
        case "notional":
            guard let notional = try? FixedDecimal(threshold) else { return nil }
            self = .notional(notional)
        default: return nil
        }
    }

    var isPositive: Bool {
        switch self {
        case .tick(let count): count > 0
        case .volume(let threshold), .notional(let threshold): threshold.mantissa > 0
        }
    }
}

extension Bars: CustomStringConvertible {
    /// As written on the command line: `tick:100`.
    public var description: String {
        switch self {
        case .tick(let count): "tick:\(count)"
        case .volume(let threshold): "volume:\(threshold)"
        case .notional(let threshold): "notional:\(threshold)"
        }
    }
}
