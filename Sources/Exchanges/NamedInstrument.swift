import MarketModel

/// What the symbol of a message or an entry names.
enum NamedInstrument {
    case instrument(InstrumentIndex)
    /// A symbol that nobody subscribed.
    case unsubscribed
    /// There is none that can be read.
    case unreadable

    /// The instrument; nil if it is none.
    var index: InstrumentIndex? {
        if case .instrument(let index) = self { index } else { nil }
    }

    var isUnsubscribed: Bool {
        if case .unsubscribed = self { true } else { false }
    }
}
