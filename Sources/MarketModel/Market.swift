/// The kind of contract a symbol names; the same symbol on two markets is two instruments.
@frozen
public enum Market: String, Sendable, CaseIterable {
    /// Immediate delivery.
    case spot
    /// Derivatives whose size is in base and whose margin is in quote.
    case linear
    /// Derivatives whose size is in quote: base = size / price.
    case inverse
    /// Options, whatever their margin.
    case option
    /// Several: the market of a connection whose venue's symbols tell that of each instrument; none is of it.
    case multi
}
