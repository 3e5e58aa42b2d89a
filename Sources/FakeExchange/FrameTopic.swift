/// What a venue's frame is about, as its subscriptions name it.
package enum FrameTopic: Equatable, Sendable {
    /// A topic, such as `publicTrade.BTCUSDT`, `l2_data.BTC-USD`, `book.BTC/USD`.
    case named(String)
    /// For every client: heartbeats, lists of subscriptions.
    case general
    /// The answer to a request of another client: acks and pongs.
    case answer

    /// Reads the topic of a frame by looking for the venue's keys; frames of recordings are well formed.
    package init(_ frame: RawSpan, exchange: String) {
        let head = frame.extracting(0..<min(frame.byteCount, 2_048))
        let text = head.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        switch exchange {
        case "bybit": self = Self.value("topic", in: text).map(FrameTopic.named) ?? .answer
        case "coinbase": self = Self.coinbase(text)
        default: self = Self.kraken(text)
        }
    }

    private static func coinbase(_ text: String) -> FrameTopic {
        guard let channel = value("channel", in: text), let product = value("product_id", in: text) else {
            return .general
        }
        return .named("\(channel).\(product)")
    }

    private static func kraken(_ text: String) -> FrameTopic {
        if value("method", in: text) != nil { return .answer }
        guard let channel = value("channel", in: text), let symbol = value("symbol", in: text) else {
            return .general
        }
        return .named("\(channel).\(symbol)")
    }

    private static func value(_ key: String, in text: String) -> String? {
        let mark = "\"\(key)\":\""
        guard let start = text.range(of: mark)?.upperBound, let end = text[start...].firstIndex(of: "\"")
        else {
            return nil
        }
        return String(text[start..<end])
    }
}

extension String {
    /// The first place of `mark`, byte for byte.
    fileprivate func range(of mark: String) -> Range<String.Index>? {
        let (text, wanted) = (utf8, Array(mark.utf8))
        var start = text.startIndex
        while let found = text[start...].firstIndex(of: wanted[0]) {
            if text[found...].starts(with: wanted) {
                return found..<text.index(found, offsetBy: wanted.count)
            }
            start = text.index(after: found)
        }
        return nil
    }
}
