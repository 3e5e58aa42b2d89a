import MarketModel

/// What a frame holds: a message or a list of messages, in the envelope of its stream or without.
enum BinancePayload {
    /// The message or list, and the name of its stream.
    static func open(_ root: JSONValue, in text: RawSpan) -> (payload: JSONValue, stream: JSONValue?) {
        guard let stream = root.member("stream", in: text), stream.kind(in: text) == .string,
            let data = root.member("data", in: text)
        else { return (root, nil) }
        return (data, stream)
    }

    /// The venue's time of a frame, in nanoseconds since the Unix epoch: the greatest of its messages.
    static func time(of root: JSONValue, in text: RawSpan) -> Int64? {
        let payload = open(root, in: text).payload
        guard payload.kind(in: text) == .array else { return time(ofMessage: payload, in: text) }
        var greatest: Int64?
        var messages = payload.elements(in: text)
        while let message = messages.next(in: text) {
            if let time = time(ofMessage: message, in: text) { greatest = max(greatest ?? time, time) }
        }
        return greatest
    }

    /// The time of a message: when it happened, else when it was sent.
    static func time(ofMessage message: JSONValue, in text: RawSpan) -> Int64? {
        // The next settlement, or the start of a candle, is no time of the message.
        let isOfFunding = message.member("e", in: text)?.isString("markPriceUpdate", in: text) == true
        let order = message.member("o", in: text)
        let event = isOfFunding ? nil : message.member("T", in: text) ?? order?.member("T", in: text)
        return (event ?? message.member("E", in: text))?.unixTime(in: text)
    }
}
