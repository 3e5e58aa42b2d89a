public import MarketModel

/// How an exchange tells what it offers: by REST replies, page by page, or on a channel of its WebSocket.
public struct DefinitionRules: Sendable {
    /// The address of its REST interface, such as `https://api.bybit.com`; nil where a channel tells.
    public let restEndpoint: String?
    /// The request that subscribes to the channel; nil where REST tells.
    public let channelRequest: String?
    let queriesFor: @Sendable (Market) -> [String]
    let readReply: @Sendable (RawSpan, JSONValue) throws(DefinitionFault) -> DefinitionPage?

    /// Rules of an exchange that tells by REST.
    ///
    /// `read` gets a valid JSON text and its root; nil if the reply is about something else.
    init(
        restEndpoint: String,
        queries: @escaping @Sendable (Market) -> [String],
        read: @escaping @Sendable (RawSpan, JSONValue) throws(DefinitionFault) -> DefinitionPage?
    ) {
        self.restEndpoint = restEndpoint
        channelRequest = nil
        queriesFor = queries
        readReply = read
    }

    /// Rules of an exchange whose decoder reads a channel.
    init(channelRequest: String) {
        restEndpoint = nil
        self.channelRequest = channelRequest
        queriesFor = { _ in [] }
        readReply = { _, _ throws(DefinitionFault) in nil }
    }

    /// The paths whose replies together list all that a market offers: the first page of each.
    public func queries(of market: Market) -> [String] { queriesFor(market) }

    /// The path of the page that follows one whose ``DefinitionPage/next`` is `cursor`.
    public static func path(_ query: String, cursor: String) -> String {
        "\(query)\(query.contains("?") ? "&" : "?")cursor=\(cursor.queryLiteral)"
    }

    /// Reads the body of a REST reply.
    ///
    /// Cost: a tolerant reading of the whole body.
    public func read(_ reply: RawSpan) throws(DefinitionFault) -> DefinitionPage {
        guard JSONValidator.isValid(reply) else { throw .unreadable("the reply is no JSON") }
        guard let page = try readReply(reply, JSONValue.root(of: reply)) else {
            throw .unreadable("the reply lists no instruments")
        }
        return page
    }
}

/// A page of what a market offers.
public struct DefinitionPage: Equatable, Sendable {
    /// The definitions on it.
    public var list: DefinitionList
    /// Where the next page begins; nil on the last.
    public var next: String?

    /// A page with the place of the next.
    public init(list: DefinitionList, next: String?) {
        self.list = list
        self.next = next
    }
}

/// Why a reply tells nothing.
public enum DefinitionFault: Error, Equatable, CustomStringConvertible {
    /// The venue answers that it will not.
    case refused(String)
    /// It is no such reply.
    case unreadable(String)

    /// What was found.
    public var description: String {
        switch self {
        case .refused(let reason): "the venue refused: \(reason)"
        case .unreadable(let reason): reason
        }
    }
}

extension DefinitionList {
    /// Reads the entries of an array, each in one pass; one without a symbol is counted as lost.
    ///
    /// `read` gets the members called `names`, in their order, the first of which is the symbol.
    static func reading(
        _ entries: JSONValue,
        in text: RawSpan,
        _ names: [StaticString],
        _ read: ([JSONValue?], inout InstrumentDefinition) -> Void
    ) -> DefinitionList {
        var list = DefinitionList()
        var elements = entries.elements(in: text)
        while let entry = elements.next(in: text) {
            let values = entry.values(names, in: text)
            var definition = InstrumentDefinition(symbol: values[0].text(in: text))
            guard !definition.symbol.isEmpty else {
                list.lost += 1
                continue
            }
            read(values, &definition)
            list.definitions.append(definition)
        }
        return list
    }
}

extension JSONValue {
    /// The text of a string; nil for another kind of value.
    func string(in text: RawSpan) -> String? {
        JSONString.withBytes(of: self, in: text) { bytes in
            bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// The text of a member; empty if there is none.
    func text(_ name: StaticString, in text: RawSpan) -> String {
        member(name, in: text)?.string(in: text) ?? ""
    }

    /// The values of an object's members by their names, in one pass; of equal names the last.
    func values(_ names: [StaticString], in text: RawSpan) -> [JSONValue?] {
        var values = [JSONValue?](repeating: nil, count: names.count)
        var members = members(in: text)
        while let (key, value) = members.next(in: text) {
            if let index = names.firstIndex(where: { key.isString($0, in: text) }) { values[index] = value }
        }
        return values
    }
}

extension JSONValue? {
    /// The text of a string; empty if there is none.
    func text(in text: RawSpan) -> String { self?.string(in: text) ?? "" }

    /// A decimal above zero; nil if it is none.
    func step(in text: RawSpan) -> FixedDecimal? { self?.positive(in: text) }

    /// The values of an object's members by their names; nil each if it is none.
    func values(_ names: [StaticString], in text: RawSpan) -> [JSONValue?] {
        self?.values(names, in: text) ?? Array(repeating: nil, count: names.count)
    }
}

extension String {
    /// The text as a value in a query; what is encoded already stays as it is.
    fileprivate var queryLiteral: String {
        let digits = Array("0123456789ABCDEF".utf8)
        let plain = Set("-._~%".utf8)
        var literal: [UInt8] = []
        for byte in utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: literal.append(byte)
            case _ where plain.contains(byte): literal.append(byte)
            default: literal += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: literal, as: UTF8.self)
    }
}
