import Exchanges
import MarketModel

/// Which REST requests to make when: within a venue's weight a minute, again after failures, and none while
/// the venue wants none.
///
/// A pure value, shared by all connections that use one address. Times are receive times in nanoseconds.
struct ReplySchedule: Sendable {
    /// What a request is for.
    enum Purpose: Equatable, Sendable {
        /// The book of a topic: asked until a reply comes.
        case seed(topic: Int)
        /// A value: asked again and again.
        case poll
    }

    /// A request to make.
    struct Entry: Sendable {
        let id: Int
        let purpose: Purpose
        let request: ReplyRequest
        /// The connection whose session it belongs to.
        let connection: Int
        fileprivate var due: Int64
        fileprivate var failures = 0
        fileprivate var isOut = false
    }

    private let weightLimit: Int
    private let interval: Int64
    private let policy: ReconnectPolicy
    private var entries: [Entry] = []
    private var lastID = 0
    /// The requests of the last minute.
    private var spent: [(time: Int64, weight: Int)] = []
    private var pausedUntil = Int64.min
    private var random: SplitMix

    /// How many requests may be unanswered at a time.
    static let mostOut = 4

    /// Makes an empty schedule; values are asked for every `interval` nanoseconds.
    init(weightLimit: Int, interval: Int64, policy: ReconnectPolicy, seed: UInt64) {
        (self.weightLimit, self.interval, self.policy) = (weightLimit, interval, policy)
        random = SplitMix(seed)
    }

    /// Adds a request, unless the one for the same book still waits for its reply.
    mutating func add(_ request: ReplyRequest, for purpose: Purpose, on connection: Int, at now: Int64) {
        let isKnown = entries.contains { $0.connection == connection && $0.purpose == purpose }
        guard purpose == .poll || !isKnown else { return }
        lastID += 1
        entries.append(
            Entry(id: lastID, purpose: purpose, request: request, connection: connection, due: now)
        )
    }

    /// Drops the requests of a connection; replies still to come are of none.
    mutating func forget(_ connection: Int) { entries.removeAll { $0.connection == connection } }

    /// The next request to make, which then counts as made; nil if none may be made now.
    ///
    /// Seeds go first: books wait for them.
    mutating func next(at now: Int64) -> Entry? {
        guard now >= pausedUntil, entries.count(where: \.isOut) < Self.mostOut else { return nil }
        let due = entries.indices.filter { !entries[$0].isOut && now >= entries[$0].due }
        guard let index = due.first(where: { entries[$0].purpose != .poll }) ?? due.first else { return nil }
        spent.removeAll { now - $0.time >= 60 * UnixTime.second }
        let weight = entries[index].request.weight
        guard spent.isEmpty || spent.reduce(weight, { $0 + $1.weight }) <= weightLimit else { return nil }
        spent.append((now, weight))
        entries[index].isOut = true
        return entries[index]
    }

    /// A reply came; returns its request, nil if that was dropped.
    mutating func succeeded(_ id: Int, at now: Int64) -> Entry? {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return nil }
        guard entries[index].purpose == .poll, entries[index].request.repeats else {
            return entries.remove(at: index)
        }
        (entries[index].isOut, entries[index].failures) = (false, 0)
        entries[index].due = max(entries[index].due + interval, now)
        return entries[index]
    }

    /// A request failed: it is made again after a wait, and all others too if it came too fast.
    ///
    /// Returns it with that wait; nil if it was dropped.
    mutating func failed(_ id: Int, _ failure: RESTFailure, at now: Int64) -> (entry: Entry, wait: Int64)? {
        let index = entries.firstIndex { $0.id == id }
        if let index {
            entries[index].isOut = false
            entries[index].failures += 1
        }
        let delay = policy.delay(after: index.map { entries[$0].failures } ?? 1, draw: random.fraction())
        let wait = failure.isAboutRate ? failure.retryAfter ?? max(delay, UnixTime.second) : delay
        if failure.isAboutRate { pausedUntil = max(pausedUntil, now + wait) }
        guard let index else { return nil }
        entries[index].due = now + wait
        return (entries[index], wait)
    }
}
