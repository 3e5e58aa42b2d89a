import MarketModel

/// The numbers of channels: an encoder and a server give a topic the same, whoever asks, and a recording's are made that.
struct BitfinexNumbers: ServedNumbers {
    /// By the number in the recording.
    private var known: [Int64: Int64] = [:]

    /// The number of a topic: forty bits of its name's FNV-1a.
    static func number(of topic: Subscription) -> Int64 {
        let name = "\(topic.kinds.rawValue) \(topic.depth ?? 0) \(topic.symbol)"
        let hash = name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return Int64(hash >> 24)
    }

    mutating func renumber(_ frame: [UInt8]) -> [UInt8] {
        let text = frame.span.bytes
        guard JSONValidator.isValid(text) else { return frame }
        let root = JSONValue.root(of: text)
        if root.text("event", in: text) == "subscribed" {
            let channel = BitfinexChannel(root, in: text)
            if let number = channel.number, !channel.feeds.isEmpty {
                known[number] = Self.number(of: channel.topic)
            }
        }
        var elements = root.elements(in: text)
        guard let value = root.member("chanId", in: text) ?? elements.next(in: text),
            let number = value.number(in: text), let new = known[number]
        else { return frame }
        return frame[..<value.start] + Array("\(new)".utf8) + frame[value.end...]
    }
}
