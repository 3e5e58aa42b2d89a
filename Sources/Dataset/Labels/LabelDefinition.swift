public import MarketModel

/// One label of a plan: what is computed and how far it looks.
public struct LabelDefinition: Equatable, Sendable {
    /// What is computed.
    public var kind: Kind
    /// How far it looks from its entry row; nil for a label that looks at its own row.
    public var horizon: Horizon?

    /// The kinds of label, with their parameters.
    public enum Kind: Equatable, Sendable {
        /// ln(exit price / entry price).
        case logReturn
        /// Exit price / entry price − 1.
        case simpleReturn
        /// The sign of the simple return outside the dead band (basis points, without trailing zeros),
        /// otherwise 0.
        case direction(band: FixedDecimal)
        /// +1 or −1 as the simple return first reaches `up` or −`down` (basis points); at the horizon 0, or the
        /// return's sign.
        case tripleBarrier(up: FixedDecimal, down: FixedDecimal, timeoutSign: Bool)
        /// The sign of the row's own price change: contemporaneous, not a forecast.
        case returnSign
    }

    /// Makes a label.
    public init(_ kind: Kind, horizon: Horizon?) {
        self.kind = kind
        self.horizon = horizon
    }

    /// Whether it uses nothing after its row.
    public var isContemporaneous: Bool { kind == .returnSign }

    /// Whether its values are −1, 0 and +1.
    public var isCategorical: Bool {
        switch kind {
        case .logReturn, .simpleReturn: false
        case .direction, .tripleBarrier, .returnSign: true
        }
    }

    /// As a plan writes it; reading it gives the same label.
    public var text: String {
        let horizon = horizon.map { ":" + $0.text } ?? ""
        return switch kind {
        case .logReturn: "log-return" + horizon
        case .simpleReturn: "simple-return" + horizon
        case .direction(let band):
            "direction" + horizon + (band.isZero ? "" : ":band=\(band)")
        case .tripleBarrier(let up, let down, let timeoutSign):
            "triple-barrier\(horizon):up=\(up):down=\(down)"
                + (timeoutSign ? ":timeout=sign" : "")
        case .returnSign: "return-sign"
        }
    }

    /// The column's name: the text with `_` for everything but letters, digits and points.
    public var name: String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "_" })
    }
}
