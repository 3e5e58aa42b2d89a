/// Whose driving events move an instrument's clock.
public enum ClockScope: String, CaseIterable, Sendable {
    /// Its own.
    case instrument
    /// Those of all instruments: they share one clock, which moves before the event is applied.
    case global
}
