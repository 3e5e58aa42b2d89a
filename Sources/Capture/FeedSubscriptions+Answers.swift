import Exchanges
import MarketModel
import Recording

// Matches answers to requests: by id if present, by the names in them, or else by order.
extension FeedSubscriptions {
    /// The venue answered a request.
    mutating func answered(_ reply: SubscriptionReply, at now: Int64) -> [Action] {
        if !reply.isAccepted { refusals += 1 }
        let request = request(of: reply)
        // A venue whose answers do not say what they answer repeats the id of the request.
        let asked = reply.id != nil && request.map { sent[$0].ends } == true
        if reply.ends ?? asked {
            if let request { sent.remove(at: request) }
            return reply.isAccepted ? [] : stranger(reply, "an unsubscription")
        }
        if reply.isAccepted {
            let actions = confirm(reply, request, now)
            return isCareful ? actions + flush(now) : actions
        }
        guard let request else {
            if reply.isAboutRate { slowDown(now) }
            return stranger(reply, "a request that was not made")
        }
        let actions = refuse(reply, request, now)
        return actions + flush(now)
    }

    /// The index of the request that a reply answers.
    private func request(of reply: SubscriptionReply) -> Int? {
        if let id = reply.id {
            let number = UInt64(id)
            return sent.firstIndex { $0.id == number }
        }
        let possible = sent.indices.filter { index in
            let request = sent[index]
            guard !request.left.isEmpty, reply.ends.map({ $0 == request.ends }) ?? true else { return false }
            return reply.names.isEmpty || request.left.contains { isNamed($0, in: reply) }
        }
        let open = possible.filter { !sent[$0].isSpent }
        guard !reply.isAccepted, reply.names.isEmpty else { return open.first ?? possible.first }
        let named = open.first { sent[$0].left.contains { isMentioned($0, in: reply) } }
        return named ?? open.first ?? possible.first
    }

    // MARK: - Accepted

    private mutating func confirm(_ reply: SubscriptionReply, _ request: Int?, _ now: Int64) -> [Action] {
        let confirmed = confirmedTopics(reply, request)
        var actions = refuseUnnamed(reply, request, confirmed, now)
        forgetAnswered(confirmed, request, isWhole: reply.isWhole)
        pause = UnixTime.second
        for index in confirmed {
            if let handle = reply.handle { topics[index].take(handle: handle) }
            actions += confirm(index, now)
        }
        if reply.isWhole { askForMissing(confirmed, now) }
        return actions
    }

    private func confirmedTopics(_ reply: SubscriptionReply, _ request: Int?) -> [Int] {
        if reply.isWhole || reply.namesAllGranted || exchange.session.answersTopics {
            return reply.names.flatMap { name -> [Int] in
                guard let kinds = name.kinds else {
                    return topics.indices.filter { topics[$0].wireName == name.text }
                }
                if kinds.isEmpty { return topics.indices.filter { topics[$0].isKeepalive } }
                return indexes[Self.key(kinds, exchange.key(of: name.text))] ?? []
            }
        }
        return request.map { sent[$0].left } ?? []
    }

    /// Refuses the topics of a request that a list of all that was granted leaves out.
    private mutating func refuseUnnamed(
        _ reply: SubscriptionReply,
        _ request: Int?,
        _ confirmed: [Int],
        _ now: Int64
    ) -> [Action] {
        guard reply.namesAllGranted, let request, !sent[request].ends else { return [] }
        let unnamed = sent[request].left.filter { !confirmed.contains($0) }
        guard !unnamed.isEmpty else { return [] }
        refusals += 1
        sent[request].left.removeAll(where: unnamed.contains)
        var refusal = SubscriptionReply(isAccepted: false)
        refusal.reason = "the answer leaves it out: the venue does not have it"
        if sent[request].isResync { return resyncRefused(refusal, unnamed) }
        return unnamed.flatMap { refused($0, refusal, now) }
    }

    /// Drops what is answered from the pending requests.
    ///
    /// A venue without ids answers in order: requests sent before the answered one are answered too.
    private mutating func forgetAnswered(_ confirmed: [Int], _ request: Int?, isWhole: Bool) {
        let named = Set(confirmed)
        if isWhole, let last = sent.lastIndex(where: { $0.left.contains(where: named.contains) }) {
            for index in sent.indices where index < last { sent[index].isSpent = true }
        }
        for index in sent.indices where !sent[index].ends {
            // Of two requests for the same topic the first is answered first.
            guard isWhole || index == request || request == nil else { continue }
            sent[index].left.removeAll(where: named.contains)
        }
        sent.removeAll { !$0.ends && !$0.isSpent && $0.left.isEmpty }
    }

    private mutating func confirm(_ index: Int, _ now: Int64) -> [Action] {
        let isNew = topics[index].confirmedAt == nil
        topics[index].wasConfirmed = true
        (topics[index].refusal, topics[index].askAt) = (nil, .max)
        guard isNew else { return [] }
        topics[index].confirmedAt = now
        expectSnapshot(index, now)
        return topics[index].isKeepalive ? [] : [logStatus(.subscribed, topic: topics[index].name)]
    }

    /// Requests topics again that a full list no longer names, unless they send data.
    private mutating func askForMissing(_ confirmed: [Int], _ now: Int64) {
        let named = Set(confirmed)
        for index in topics.indices where !named.contains(index) && topics[index].confirmedAt != nil {
            guard topics[index].lastFrame == nil, !topics[index].isKeepalive else { continue }
            topics[index].confirmedAt = nil
            guard topics[index].asks <= 4 else { continue }
            topics[index].askAt = now + settings.patience << max(0, topics[index].asks - 1)
        }
    }

    // MARK: - Refused

    private mutating func refuse(_ reply: SubscriptionReply, _ request: Int, _ now: Int64) -> [Action] {
        let left = sent[request].left
        if reply.isAboutRate { return askLater(request, reply, now) }
        if sent[request].isResync {
            sent[request].left = []
            sent[request].isSpent = true
            return resyncRefused(reply, left)
        }
        let named = named(in: reply, left)
        guard !named.isEmpty else { return divide(request, reply, now) }
        let rest = left.filter { !named.contains($0) }
        sent[request].left = rest
        var actions: [Action] = []
        for index in named { actions += refused(index, reply, now) }
        if exchange.session.answersTopics {
            // The others have answers of their own, usually at once.
            for index in rest { topics[index].patience = min(topics[index].patience, now + UnixTime.second) }
        } else {
            (sent[request].left, sent[request].isSpent) = ([], true)
            ask(rest.filter { !topics[$0].isAnswered })
        }
        return actions
    }

    /// The topics that a refusal names, by full name or else by symbol.
    private func named(in reply: SubscriptionReply, _ left: [Int]) -> [Int] {
        let whole = left.filter { isNamed($0, in: reply) || reply.mentions(topics[$0].wireName) }
        return whole.isEmpty ? left.filter { reply.mentions(topics[$0].feed.symbol) } : whole
    }

    private func isNamed(_ index: Int, in reply: SubscriptionReply) -> Bool {
        let topic = topics[index]
        return reply.names.contains { name in
            (name.kinds.map { $0 == topic.feed.kinds } ?? true)
                && (name.text == topic.wireName || exchange.key(of: name.text) == topic.key)
        }
    }

    private func isMentioned(_ index: Int, in reply: SubscriptionReply) -> Bool {
        reply.mentions(topics[index].wireName) || reply.mentions(topics[index].feed.symbol)
    }

    /// A refusal without names may concern any of its topics: requests each half separately.
    private mutating func divide(
        _ request: Int,
        _ reply: SubscriptionReply,
        _ now: Int64
    ) -> [Action] {
        let left = sent[request].left
        (sent[request].left, sent[request].isSpent) = ([], true)
        if left.isEmpty { return stranger(reply, "a request that was answered before") }
        if left.count == 1 { return refused(left[0], reply, now) }
        ask(Array(left[..<(left.count / 2)]))
        ask(Array(left[(left.count / 2)...]))
        return []
    }

    /// A topic is refused: reported once and not requested again.
    private mutating func refused(_ index: Int, _ reply: SubscriptionReply, _ now: Int64) -> [Action] {
        if reply.isRepetition { return confirm(index, now) }
        guard topics[index].refusal == nil else { return [] }
        let reason = reply.reason.isEmpty ? "no reason given" : reply.reason
        topics[index].refusal = reason
        // Missing heartbeats are no missing data.
        guard !topics[index].isKeepalive else { return [] }
        let name = topics[index].name
        return [
            logStatus(.rejected, reason: reason, topic: name),
            .report("the venue refused \(name): \(reason)"),
        ]
    }

    /// Requests came too fast: repeats the refused one after a pause and slows all requests.
    private mutating func askLater(_ request: Int, _ reply: SubscriptionReply, _ now: Int64) -> [Action] {
        guard !sent[request].isSpent else { return [] }
        sent[request].isSpent = true
        slowDown(now)
        guard !sent[request].isResync else { return [] }
        for index in sent[request].left where !topics[index].isAnswered {
            (topics[index].askAt, topics[index].patience) = (pausedUntil, .max)
        }
        guard strangersTold < Self.strangersLimit else { return [] }
        strangersTold += 1
        let names = Self.listing(sent[request].left.map { topics[$0].name })
        return [
            logStatus(.rejected, reason: reply.reason),
            .report("the venue takes no request for \(names) yet (\(reply.reason)); asking again"),
        ]
    }

    private mutating func slowDown(_ now: Int64) {
        // A burst that is refused gets one answer per request; only the first counts.
        guard now >= pausedUntil else { return }
        pausedUntil = now + pause
        pause = min(pause * 2, 30 * UnixTime.second)
        (burst, interval) = (1, min(interval * 2, 2 * UnixTime.second))
    }

    private mutating func resyncRefused(_ reply: SubscriptionReply, _ left: [Int]) -> [Action] {
        let named = named(in: reply, left)
        return stranger(reply, "a resync", topic: (named.first ?? left.first).map { topics[$0].name })
    }

    /// A refusal that concerns no topic: reported a few times, then only counted.
    private mutating func stranger(
        _ reply: SubscriptionReply,
        _ what: String,
        topic: String? = nil
    ) -> [Action] {
        guard strangersTold < Self.strangersLimit else { return [] }
        strangersTold += 1
        let reason = reply.reason.isEmpty ? "no reason given" : reply.reason
        let last = strangersTold == Self.strangersLimit ? " (further ones are only counted)" : ""
        let subject = topic.map { "\(what) of \($0)" } ?? what
        return [
            logStatus(.rejected, reason: reason, topic: topic),
            .report("the venue refused \(subject): \(reason)\(last)"),
        ]
    }

    /// Stops requesting symbols that the venue does not offer.
    mutating func leaveOut(_ symbols: [String], reason: String) {
        let keys = Set(symbols)
        for index in topics.indices where keys.contains(topics[index].feed.symbol) {
            if topics[index].refusal == nil { topics[index].refusal = reason }
        }
    }

    /// The first few names, and how many more.
    package static func listing(_ names: [String]) -> String {
        let shown = names.prefix(20).joined(separator: ", ")
        return names.count > 20 ? "\(shown) and \(names.count - 20) more" : shown
    }
}
