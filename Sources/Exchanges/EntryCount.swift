import MarketModel

/// What became of the entries of a message.
struct EntryCount {
    /// What became of one.
    enum Entry { case read, lost, unsubscribed }

    var read = 0
    var lost = 0
    var unsubscribed = 0

    mutating func add(_ entry: Entry) {
        switch entry {
        case .read: read += 1
        case .lost: lost += 1
        case .unsubscribed: unsubscribed += 1
        }
    }

    /// Whether there was no entry.
    var isEmpty: Bool { read + lost + unsubscribed == 0 }

    /// An error only if nothing at all was read, unknown only if there was nothing to read.
    var outcome: FrameOutcome {
        if read > 0 || lost + unsubscribed == 0 { return .decoded }
        return lost > 0 ? .error : .unknown
    }
}
