import MarketModel

/// How BitMEX takes requests, and what its frames are about.
struct BitMEXServer: ServerRules {
    /// The symbol of the first row or, where there is none, the one that was asked for.
    func topic(of frame: RawSpan) -> FrameTopic {
        let head = FrameTopic.head(of: frame)
        guard let table = FrameTopic.value(#""table":""#, in: head) else {
            return FrameTopic.end(of: #""info":""#, in: head) == nil ? .answer : .general
        }
        for mark in [#""data":["#, #""filter":{"#] as [StaticString] {
            guard let start = FrameTopic.end(of: mark, in: frame) else { continue }
            let rest = frame.extracting(start..<frame.byteCount)
            if let symbol = FrameTopic.value(#""symbol":""#, in: rest) {
                return .named(
                    channel: table,
                    symbol: (start + symbol.lowerBound)..<(start + symbol.upperBound)
                )
            }
        }
        return .general
    }

    func answer(toText text: String) -> String? { text == "ping" ? "pong" : nil }

    func makeTables() -> (any ServedTables)? { BitMEXServedTables() }

    func answer(_ request: ClientRequest, _ offer: ServedOffer, at time: Int64) -> ServedAnswer {
        let (word, names) = (request.text("op") ?? "", request.texts("args"))
        guard let operation = SubscriptionOperation(rawValue: word), !names.isEmpty else {
            return ServedAnswer([refusal("Unrecognized request.", word, names)])
        }
        var answer = ServedAnswer([], [], operation)
        for name in names {
            let topic = BitMEXTable.topic(name)
            guard let (table, symbol) = topic, let channel = channel(of: table, symbol), offer.has(symbol)
            else {
                let reason = topic == nil ? "Unknown table: \(name)" : "Unknown or expired symbol."
                answer.frames.append(refusal(reason, word, names))
                continue
            }
            let granted = Subscription(channel.kinds, symbol: symbol)
            var ack = Acknowledgement(topics: [granted], connection: "", requestTime: time, time: time)
            ack.operation = operation
            answer.frames.append(BitMEXEncoder().text(of: ack))
            let isTold = table == .book || table == .instruments
            let state = isTold ? ServedTopic.State.table(name) : .none
            answer.topics.append(ServedTopic(table.rawValue, symbol: symbol, state: state))
        }
        return answer
    }

    private func channel(of table: BitMEXTable, _ symbol: String) -> FeedChannel? {
        let exchange = BitMEX()
        return exchange.channels(of: exchange.market(ofSymbol: symbol)).first { $0.name == table.rawValue }
    }

    private func refusal(_ reason: String, _ operation: String, _ names: [String]) -> String {
        #"{"status":400,"error":\#(reason.jsonLiteral),"meta":{},"#
            + #""request":{"op":\#(operation.jsonLiteral),"args":\#(names.jsonList)}}"#
    }
}
