import MarketModel

extension Exchange {
    /// The symbols that a request subscribes to; none for every other frame.
    ///
    /// Cost: a tolerant reading.
    public func symbolsSubscribed(by request: RawSpan) -> [String] {
        symbols(subscribedBy: request).map { String(decoding: $0, as: UTF8.self) }
    }

    /// How messages may spell symbols that requests name.
    func spellings(of symbols: [[UInt8]]) -> [[UInt8]] {
        var spellings: [[UInt8]] = []
        for symbol in symbols where 1...EventBatch.longestSymbol ~= symbol.count {
            // No venue has a name in lower case; requests may.
            let upper = symbol.map { 0x61...0x7a ~= $0 ? $0 - 0x20 : $0 }
            for name in upper == symbol ? [symbol] : [symbol, upper] {
                spellings.append(name)
                if let other = otherSpelling(of: name) { spellings.append(other) }
            }
        }
        return spellings
    }

    /// The symbols of subscription arguments: requests, topics, symbols, or kinds and symbols as `book,trades:X`.
    func symbols(inMetadata text: String) -> [[UInt8]] {
        let bytes = Array(text.utf8)
        if JSONValidator.isValid(bytes.span.bytes) { return symbols(inJSON: bytes.span.bytes) }
        return text.split(whereSeparator: \.isWhitespace).flatMap { symbols(inArgument: Array($0.utf8)) }
    }

    private func symbols(inJSON text: RawSpan) -> [[UInt8]] {
        let root = JSONValue.root(of: text)
        guard root.kind(in: text) == .array else { return symbols(subscribedBy: text) }
        var found: [[UInt8]] = []
        var elements = root.elements(in: text)
        while let element = elements.next(in: text) {
            if let argument = element.bytes(in: text) {
                found += symbols(inArgument: argument)
            } else {
                found += symbols(subscribedBy: text.extracting(element.start..<element.end))
            }
        }
        return found
    }

    private func symbols(inArgument argument: [UInt8]) -> [[UInt8]] {
        let request = argument.span.bytes
        if JSONValidator.isValid(request), JSONValue.root(of: request).kind(in: request) == .object {
            return symbols(subscribedBy: request)
        }
        var rest = argument[...]
        if let colon = rest.firstIndex(of: 0x3a), rest[..<colon].allSatisfy(Self.isOfWord) {
            rest = rest[(colon + 1)...]
        }
        return rest.split(separator: 0x2c).filter { !$0.allSatisfy(Self.isOfWord) }
            .compactMap { symbol(ofTopic: Array($0)) }
    }

    /// Whether a byte occurs in the names of kinds and channels, such as `open_interest` or `level2`.
    private static func isOfWord(_ byte: UInt8) -> Bool {
        0x61...0x7a ~= byte || byte &- 0x30 <= 9 || byte == 0x5f || byte == 0x2c
    }
}

extension JSONValue {
    /// The content of a string; nil if it is none.
    func bytes(in text: RawSpan) -> [UInt8]? {
        JSONString.withBytes(of: self, in: text) { bytes in bytes.withUnsafeBytes { [UInt8]($0) } }
    }

    /// The content of a string, or of each string of an array.
    func texts(in text: RawSpan) -> [[UInt8]] {
        if let one = bytes(in: text) { return [one] }
        var texts: [[UInt8]] = []
        var elements = elements(in: text)
        while let element = elements.next(in: text) {
            if let one = element.bytes(in: text) { texts.append(one) }
        }
        return texts
    }
}
