import Exchanges
import MarketModel
import Recording

// Venues that refuse a request by closing the connection without a word: what it was is found out by asking for one
// topic after the other.
extension FeedSubscriptions {
    /// A topic on which the connection closed so often is left out.
    private static let closesOfSuspect = 2

    /// Whether a request of a topic is under way, and the next one waits for its answer.
    func isWaitingForAnswer(_ now: Int64) -> Bool {
        isCareful
            && sent.contains { request in
                !request.ends
                    && request.left.contains { index in
                        let patience = topics[index].patience
                        return !topics[index].isAnswered && now < patience && patience != .max
                    }
            }
    }

    /// The venue closed the connection: a topic that was being asked for by itself is a suspect, and is left out with
    /// all of its symbol if it happens again; one that it ever granted or carried is none.
    mutating func closedByVenue() -> [Action] {
        guard exchange.session.closesOnRefusal else { return [] }
        let asked = sent.filter { !$0.ends }.flatMap(\.left).filter { index in
            !topics[index].isAnswered && !topics[index].wasConfirmed && !topics[index].hasSpoken
        }
        guard let suspect = asked.first else { return [] }
        guard isCareful else {
            isCareful = true
            return []
        }
        topics[suspect].closes += 1
        guard topics[suspect].closes >= Self.closesOfSuspect else { return [] }
        let (name, symbol) = (topics[suspect].name, topics[suspect].feed.symbol)
        let reason = "the venue closes the connection when it is asked for"
        leaveOut([symbol], reason: reason)
        (refusals, isCareful) = (refusals + 1, false)
        return [
            logStatus(.rejected, reason: reason, topic: name),
            .report(
                "the venue closes the connection when it is asked for \(name): probably it has no symbol "
                    + "'\(symbol)' (it is left out)"
            ),
        ]
    }

    /// All was asked for and nothing closed: requests need no more care.
    mutating func endCare() {
        if isCareful, topics.allSatisfy(\.isAnswered) { isCareful = false }
    }
}
