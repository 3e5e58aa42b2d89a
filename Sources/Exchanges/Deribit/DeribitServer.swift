import MarketModel

/// How Deribit takes requests, and what its frames are about.
struct DeribitServer: ServerRules {
    /// A channel without its interval: whoever asks for one gets the one that the source has.
    func topic(of frame: RawSpan) -> FrameTopic {
        let head = FrameTopic.head(of: frame)
        guard let name = FrameTopic.value(#""channel":""#, in: head) else { return .answer }
        let end = head.withUnsafeBytes { $0[name].lastIndex(of: 0x2e) }
        return .named(channel: name.lowerBound..<(end ?? name.upperBound), symbol: nil)
    }

    func answer(_ request: ClientRequest, _ offer: ServedOffer, at time: Int64) -> ServedAnswer {
        let id = request.number("id").map { "\($0)" } ?? request.text("id") ?? ""
        let reply = { (content: String, isError: Bool) in
            DeribitEncoder.answer(content, isError: isError, id: id, (time, time))
        }
        switch request.text("method") {
        case "public/subscribe", "public/unsubscribe":
            let granted = request.list("channels").compactMap { name in topic(name, offer).map { (name, $0) }
            }
            let isBegin = request.text("method") == "public/subscribe"
            let frame = reply(granted.map(\.0).jsonList, false)
            return ServedAnswer([frame], granted.map(\.1), isBegin ? .subscribe : .unsubscribe)
        case "public/set_heartbeat", "public/disable_heartbeat":
            var answer = ServedAnswer([reply(#""ok""#, false)])
            let interval = Int64(request.number("interval") ?? 0)
            answer.heartbeats = Self.heartbeats(every: min(max(0, interval), 3_600) * UnixTime.second)
            return answer
        case "public/test":
            var answer = ServedAnswer([reply(#"{"version":"1.2.26"}"#, false)])
            answer.answersHeartbeat = true
            return answer
        default: return ServedAnswer([reply(#"{"code":-32601,"message":"Method not found"}"#, true)])
        }
    }

    /// Who does not answer within ten seconds is closed.
    private static func heartbeats(every interval: Int64) -> ServedHeartbeats {
        let text = #"{"params":{"type":"test_request"},"method":"heartbeat","jsonrpc":"2.0"}"#
        return ServedHeartbeats(text, every: interval, patience: 10 * UnixTime.second, code: 4_000)
    }

    /// A channel of one that is read, of what is offered; nil of any other, which an answer leaves out.
    private func topic(_ name: String, _ offer: ServedOffer) -> ServedTopic? {
        guard let channel = DeribitChannel(name), channel.depth == 0,
            let symbol = Deribit().symbol(ofTopic: name), offer.has(symbol),
            let end = name.lastIndex(of: "."), ["100ms", "agg2", "raw"].contains(name[end...].dropFirst()),
            Deribit.channels.contains(where: { name.hasPrefix("\($0.name).") })
        else { return nil }
        let state: ServedTopic.State = channel.kind == .book ? .book(symbol: symbol, depth: nil) : .none
        return ServedTopic(String(name[..<end]), state: state)
    }
}
