import Exchanges
import MarketModel

/// The toy's requests: one topic each.
struct ToyServer: ServerRules {
    func topic(of frame: RawSpan) -> FrameTopic {
        let text = frame.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        guard text.hasPrefix(#"{"book":""#) || text.hasPrefix(#"{"trades":""#) else {
            return text.hasPrefix(#"{"alive""#) ? .general : .answer
        }
        let quotes = Array(text.utf8).indices.filter { Array(text.utf8)[$0] == 0x22 }
        return .named(channel: (quotes[0] + 1)..<quotes[1], symbol: (quotes[2] + 1)..<quotes[3])
    }

    func closingNotice(at time: Int64) -> String? { #"{"closing":\#(time)}"# }

    func answer(_ request: ClientRequest, _ offer: ServedOffer, at time: Int64) -> ServedAnswer {
        if request.text("do") == "signs" {
            var answer = ServedAnswer([#"{"alive":"yes"}"#])
            let pause = 100 * UnixTime.millisecond
            answer.heartbeats = ServedHeartbeats(
                #"{"alive":"?"}"#,
                every: pause,
                patience: 3 * pause,
                code: 4_000
            )
            return answer
        }
        if request.text("do") == "sign" {
            var answer = ServedAnswer([#"{"alive":"yes"}"#])
            answer.answersHeartbeat = true
            return answer
        }
        guard let word = request.text("do"), let operation = SubscriptionOperation(rawValue: word),
            let topic = request.text("topic")
        else { return ServedAnswer([#"{"done":"","refused":"what?"}"#]) }
        let parts = topic.split(separator: ":").map(String.init)
        guard parts.count == 2, offer.has(parts[1]) else {
            return ServedAnswer([#"{"done":"\#(topic)","refused":"no such symbol"}"#])
        }
        let isBook = parts[0] == "book"
        let state = isBook ? ServedTopic.State.book(symbol: parts[1], depth: nil) : .none
        let served = ServedTopic(parts[0], symbol: parts[1], state: state)
        return ServedAnswer([#"{"done":"\#(topic)"}"#], [served], operation)
    }
}
