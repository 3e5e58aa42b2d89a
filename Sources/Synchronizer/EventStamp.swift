import MarketModel

/// The time of an event in the basis.
struct EventStamp {
    var time: Int64
    /// Whether it is the one wanted; else the receive time stands for it, and the event drives no clock.
    var isGood: Bool
}
