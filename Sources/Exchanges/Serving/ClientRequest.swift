import ByteCoding

/// A client's request: a JSON object whose parameters lie at the top or under `params`.
public struct ClientRequest: Sendable {
    private let bytes: [UInt8]

    /// Reads a request; nil if it is no JSON object.
    public init?(_ text: String) {
        guard let request = text.withBytes({ ClientRequest($0) }) else { return nil }
        self = request
    }

    /// Reads a request; nil if it is no JSON object.
    init?(_ text: RawSpan) {
        guard JSONValidator.isValid(text), JSONValue.root(of: text).kind(in: text) == .object else {
            return nil
        }
        bytes = text.withUnsafeBytes { Array($0) }
    }

    /// A parameter's text; nil if it is no string.
    public func text(_ name: StaticString) -> String? { value(name)?.string(in: bytes.span.bytes) }

    /// A parameter's number; nil if it is no whole one.
    public func number(_ name: StaticString) -> Int? {
        guard let value = value(name), value.kind(in: bytes.span.bytes) == .number else { return nil }
        return value.integer(in: bytes.span.bytes).flatMap { Int(exactly: $0) }
    }

    /// A parameter that is `true` or `false`; nil if it is neither.
    public func flag(_ name: StaticString) -> Bool? {
        guard let value = value(name), value.kind(in: bytes.span.bytes) == .bool else { return nil }
        return value.isTrue(in: bytes.span.bytes)
    }

    /// A parameter that is an object, as a request of its own; nil if it is none.
    public func object(_ name: StaticString) -> ClientRequest? {
        value(name).flatMap { ClientRequest(bytes.span.bytes.extracting($0.start..<$0.end)) }
    }

    /// The texts of a list, or one that stands alone; other values are passed over.
    public func texts(_ name: StaticString) -> [String] {
        let text = bytes.span.bytes
        return value(name)?.texts(in: text).map { String(decoding: $0, as: UTF8.self) } ?? []
    }

    /// The objects of a list; other values are passed over.
    public func objects(_ name: StaticString) -> [ClientRequest] {
        let text = bytes.span.bytes
        var found: [ClientRequest] = []
        var elements = value(name)?.elements(in: text)
        while let element = elements?.next(in: text) {
            if let one = ClientRequest(text.extracting(element.start..<element.end)) { found.append(one) }
        }
        return found
    }

    /// The texts of a list; none if it is no list of strings.
    public func list(_ name: StaticString) -> [String] {
        let text = bytes.span.bytes
        guard let list = value(name), list.kind(in: text) == .array else { return [] }
        var texts: [String] = []
        var elements = list.elements(in: text)
        while let element = elements.next(in: text) {
            guard let one = element.string(in: text) else { return [] }
            texts.append(one)
        }
        return texts
    }

    /// What `read` makes of the request as it stands.
    func read<Result>(_ read: (JSONValue, RawSpan) -> Result) -> Result {
        read(.root(of: bytes.span.bytes), bytes.span.bytes)
    }

    private func value(_ name: StaticString) -> JSONValue? {
        let text = bytes.span.bytes
        let root = JSONValue.root(of: text)
        let parameters = root.member("params", in: text)
        if parameters?.kind(in: text) == .object, let found = parameters?.member(name, in: text) {
            return found
        }
        return root.member(name, in: text)
    }
}
