import MarketModel

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

extension FixedDecimal? {
    /// The digits; empty if there is no number.
    var text: String { self?.description ?? "" }
}
