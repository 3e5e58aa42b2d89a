import MarketModel

extension Exchange {
    /// A symbol as the venue compares it: two that it takes for one have the same.
    public func key(of symbol: String) -> String { spellings(of: symbol).last ?? symbol }

    /// How messages may spell symbols that requests name.
    func spellings(of symbols: [String]) -> [[UInt8]] {
        symbols.filter { 1...InstrumentNames.longest ~= $0.utf8.count }
            .flatMap { spellings(of: $0) }.map { Array($0.utf8) }
    }

    /// The symbols of subscription arguments: requests, topics, symbols, or kinds and symbols as `book,trades:X`.
    func symbols(inMetadata text: String) -> [String] {
        let bytes = Array(text.utf8)
        if JSONValidator.isValid(bytes.span.bytes) { return symbols(inJSON: bytes.span.bytes) }
        return text.split(whereSeparator: \.isWhitespace).flatMap { symbols(inArgument: String($0)) }
    }

    private func symbols(inJSON text: RawSpan) -> [String] {
        let root = JSONValue.root(of: text)
        guard root.kind(in: text) == .array else { return symbols(inRequest: text) }
        var found: [String] = []
        var elements = root.elements(in: text)
        while let element = elements.next(in: text) {
            if let argument = element.string(in: text) {
                found += symbols(inArgument: argument)
            } else {
                found += symbols(inRequest: text.extracting(element.start..<element.end))
            }
        }
        return found
    }

    /// The symbols that a frame subscribes to; none if it is no request.
    func symbols(inRequest frame: RawSpan) -> [String] {
        ClientRequest(frame).map { symbols(subscribedBy: $0) } ?? []
    }

    private func symbols(inArgument argument: String) -> [String] {
        if let request = ClientRequest(argument) { return symbols(subscribedBy: request) }
        var rest = argument.utf8[...]
        if let colon = rest.firstIndex(of: 0x3a), rest[..<colon].allSatisfy(Self.isOfWord) {
            rest = rest[rest.index(after: colon)...]
        }
        return rest.split(separator: 0x2c).filter { !$0.allSatisfy(Self.isOfWord) }
            .compactMap { symbol(ofTopic: String(Substring($0))) }
    }

    /// Whether a byte occurs in the names of kinds and channels, such as `open_interest` or `level2`.
    private static func isOfWord(_ byte: UInt8) -> Bool {
        0x61...0x7a ~= byte || byte &- 0x30 <= 9 || byte == 0x5f || byte == 0x2c
    }
}

extension String {
    /// The symbol as it is, and in upper case: how a venue spells it that has no lower case.
    var withUpperCase: [String] {
        let upper = uppercased()
        return upper == self ? [self] : [self, upper]
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
