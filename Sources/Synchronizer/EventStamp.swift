import MarketModel

/// The time of an event in the basis.
struct EventStamp {
    var time: Int64
    /// Whether the stamp is plausible; if not, the receive time replaces it and the event drives no clock.
    var isGood: Bool
}
