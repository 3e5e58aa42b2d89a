import MarketModel

/// Two slots that carry one connection in turns, as a pure state machine: before its venue closes the one, the other is
/// opened, and flows for a while beside it.
///
/// Times are receive times in nanoseconds.
struct ConnectionRelay: Sendable {
    /// What is to be done.
    enum Step: Equatable, Sendable {
        case none
        /// Open the slot that is next.
        case open(Int)
        /// The slot that is next brings all that the other does: it asks for what is not streamed.
        case join(Int)
        /// Close a slot: the other one carries the connection now.
        case close(Int)
    }

    /// What is known of the two slots.
    struct View: Sendable {
        /// Since when the slot that carries the connection is open; nil if it is not.
        var openSince: Int64?
        /// Whether the venue has said that it will close it.
        var isAnnounced = false
        /// Whether the next slot is open, and whether it brings all that the other does.
        var isNextOpen = false
        var isNextFlowing = false
    }

    private enum Phase: Sendable, Equatable {
        case steady
        case opening(since: Int64)
        case overlapping(since: Int64)
    }

    /// The slot that carries the connection.
    private(set) var active: Int
    private(set) var next: Int
    /// How often it changed.
    private(set) var changes = 0
    private var phase = Phase.steady
    private let lifetime: Int64
    private let overlap: Int64
    /// A next slot that is open this long takes over though not all that flows on the other flows on it.
    private static let patience = 60 * UnixTime.second

    init(_ active: Int, _ next: Int, lifetime: Int64, overlap: Int64) {
        (self.active, self.next, self.overlap) = (active, next, overlap)
        // Some time before the venue does: opening may take more than one attempt.
        self.lifetime = lifetime - min(lifetime / 20, 600 * UnixTime.second)
    }

    /// Whether the next slot brings all that the other does.
    var isOverlapping: Bool { if case .overlapping = phase { true } else { false } }

    /// Time passes.
    mutating func tick(at now: Int64, _ view: View) -> Step {
        switch phase {
        case .steady:
            guard let since = view.openSince, view.isAnnounced || now - since >= lifetime else {
                return .none
            }
            phase = .opening(since: now)
            return .open(next)
        case .opening(let since):
            guard view.isNextOpen, view.isNextFlowing || now - since >= Self.patience else { return .none }
            phase = .overlapping(since: now)
            return .join(next)
        case .overlapping(let since):
            guard view.isNextOpen else {
                phase = .opening(since: now)
                return .none
            }
            if now - since >= overlap { return change() }
        }
        return .none
    }

    /// The socket of a slot closed: whether the other one carries the connection on from here.
    mutating func closed(_ slot: Int, _ view: View) -> Bool {
        guard slot == active, isOverlapping, view.isNextOpen else { return false }
        return change() == .close(slot)
    }

    private mutating func change() -> Step {
        swap(&active, &next)
        changes += 1
        phase = .steady
        return .close(next)
    }
}
