public import MarketModel

/// What a venue answered to a request to subscribe or unsubscribe.
public struct SubscriptionReply: Equatable, Sendable {
    /// A topic that it names.
    public struct Name: Equatable, Sendable {
        /// Its kinds; nil where only a symbol or the topic's whole name stands there.
        public var kinds: FeedKinds?
        /// Symbol or topic.
        public var text: String

        /// Names a topic.
        public init(kinds: FeedKinds?, text: String) { (self.kinds, self.text) = (kinds, text) }
    }

    /// Whether the venue did as asked.
    public var isAccepted: Bool
    /// Whether it answers an unsubscription; nil if it does not say.
    public var ends: Bool?
    /// The request's id; nil if it repeats none.
    public var id: String?
    /// Why it was refused, at most 400 bytes.
    public var reason = ""
    /// The topics named apart from the reason.
    public var names: [Name] = []
    /// What the venue calls the confirmed topic on this connection, where requests that end it say that.
    public var handle: String?
    /// Whether all that is subscribed is named.
    public var isWhole: Bool
    /// Whether all that the request asked for and the venue took is named: it refused the rest without a word.
    public var namesAllGranted = false

    /// An answer that says whether the venue did as asked.
    public init(isAccepted: Bool, isWhole: Bool = false) {
        (self.isAccepted, self.isWhole) = (isAccepted, isWhole)
    }

    /// Whether requests came too fast: to be asked again, later.
    public var isAboutRate: Bool {
        let text = reason.lowercased()
        let words = text.split { !$0.isLetter }
        let saysRate = words.contains { $0 == "rate" || $0.hasPrefix("ratelimit") }
        let saysLimit = ["limit", "exceed", "high"].contains { text.contains($0) }
        if saysRate, saysLimit, !text.contains("funding") { return true }
        return ["too many request", "too many visit", "too many message", "too frequent", "throttl"]
            .contains { text.contains($0) }
    }

    /// Whether the topic was subscribed before: nothing is amiss with it.
    public var isRepetition: Bool {
        let text = reason.lowercased()
        return text.contains("already") && text.contains("subscri")
    }

    /// Whether the reason names a topic or symbol, as a word of its own.
    public func mentions(_ name: String) -> Bool {
        let (text, word) = (Array(reason.utf8), Array(name.utf8))
        guard !word.isEmpty, text.count >= word.count else { return false }
        return (0...(text.count - word.count)).contains { start in
            text[start..<(start + word.count)].elementsEqual(word)
                && !Self.continues(Array(text[..<start].reversed()))
                && !Self.continues(Array(text[(start + word.count)...]))
        }
    }

    /// Whether a name goes on here: a dot at the end of a sentence is none of it.
    private static func continues(_ text: [UInt8]) -> Bool {
        guard let first = text.first else { return false }
        if first == UInt8(ascii: ".") { return text.count > 1 && isOfName(text[1]) }
        return isOfName(first) || first == UInt8(ascii: "/")
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }
}

extension SubscriptionReply {
    /// Reads `success`, `req_id`, and members of the venue's names; nil if no subscription is answered.
    init?(_ root: JSONValue, in text: RawSpan, operation: StaticString, reason: StaticString) {
        guard let success = root.member("success", in: text), success.kind(in: text) == .bool else {
            return nil
        }
        self.init(isAccepted: success.isTrue(in: text))
        if let operation = root.member(operation, in: text), operation.identifier(in: text) != nil {
            ends = operation.isString("unsubscribe", in: text)
            guard ends == true || operation.isString("subscribe", in: text) else { return nil }
        }
        self.reason = root.member(reason, in: text)?.shortText(in: text) ?? ""
        id = root.member("req_id", in: text)?.identifier(in: text)
    }
}

extension JSONValue {
    /// The content of a string of at most 400 bytes, longer ones cut; nil if it is none.
    func shortText(in text: RawSpan) -> String? {
        JSONString.withBytes(of: self, in: text) { bytes in
            bytes.withUnsafeBytes { String(decoding: $0.prefix(400), as: UTF8.self) }
        }
    }

    /// A string's content, or a number's digits; nil for an empty string and all else.
    func identifier(in text: RawSpan) -> String? {
        if kind(in: text) == .number {
            return text.extracting(start..<end).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        }
        return shortText(in: text).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The strings of an array.
    func shortTexts(in text: RawSpan) -> [String] {
        guard kind(in: text) == .array else { return [] }
        var texts: [String] = []
        var elements = elements(in: text)
        while let element = elements.next(in: text) {
            if let found = element.shortText(in: text) { texts.append(found) }
        }
        return texts
    }
}
