import MarketModel

/// Reads a message whose members come in any order, with white space, escapes and unknown members.
///
/// Of equal members the last holds. Cost: each member is searched in all of its object; those of a list are read in turn.
struct SearchingReader {
    /// The symbol of a message: a text, from an offset in it.
    struct Symbol {
        var text: JSONValue
        var start: Int
    }

    struct ListScope {
        fileprivate let list: JSONElements
    }

    struct Elements {
        fileprivate var array: JSONElements
        fileprivate let object: JSONValue
        /// What is a list of itself.
        fileprivate var lone: JSONValue?
    }

    private let frame: UnsafeRawBufferPointer
    var text: RawSpan {
        @_lifetime(borrow self)
        get { frame.bytes }
    }
    private(set) var object: JSONValue
    /// The value of the member at hand, where they are read in any order.
    private var value = JSONValue.none
    /// The values that members without names are, in turn: at first what is read itself.
    private var list: JSONElements

    /// Reads a frame that ``JSONValidator`` found valid, all of it or an object or element of it.
    init(_ frame: UnsafeRawBufferPointer, at object: JSONValue? = nil) {
        self.frame = frame
        self.object = object ?? .root(of: frame.bytes)
        list = JSONElements(offset: self.object.start, end: self.object.end &+ 1)
    }

    /// Reads what is left of a list of a valid frame.
    init(_ frame: UnsafeRawBufferPointer, in list: JSONElements) {
        self.init(frame)
        self.list = list
    }

    /// A reader of a value of the same frame, such as an entry of a list.
    func reading(_ value: JSONValue) -> SearchingReader { SearchingReader(frame, at: value) }

    private mutating func find(_ member: StaticString) -> JSONValue? {
        if member.utf8CodeUnitCount == 0 { return object }
        if member.isUnnamed { return list.next(in: frame.bytes) }
        return object.member(MemberName(member), in: frame.bytes)
    }

    private static func present(_ value: Int64?) -> MemberValue<Int64> {
        value.map { .value($0) } ?? .malformed
    }
}

extension SearchingReader: MemberReader {
    var isComplete: Bool { true }

    var bytesLeft: Int { frame.count }

    // MARK: - Structure

    mutating func enter(_ member: StaticString) -> JSONValue {
        defer { object = find(member) ?? .none }
        return object
    }

    mutating func leave(_ scope: JSONValue) { object = scope }

    mutating func enterList(_ member: StaticString) -> ListScope? {
        guard let found = find(member), found.kind(in: frame.bytes) == .array else { return nil }
        defer { list = found.elements(in: frame.bytes) }
        return ListScope(list: list)
    }

    mutating func leaveList(_ scope: ListScope) { list = scope.list }

    var isInObject: Bool { object.kind(in: frame.bytes) == .object }

    mutating func elements(of member: StaticString, _ form: ListForm) -> Elements? {
        let found = find(member)
        guard let list = found ?? (form == .arrayOrNothing ? JSONValue.none : nil) else { return nil }
        let kind = list.kind(in: frame.bytes)
        let isLone = form == .arrayOrObject && kind == .object
        guard found == nil || kind == .array || isLone else { return nil }
        return Elements(array: list.elements(in: frame.bytes), object: object, lone: isLone ? list : nil)
    }

    mutating func next(_ elements: inout Elements) -> Bool {
        let element = elements.lone ?? elements.array.next(in: frame.bytes)
        elements.lone = nil
        object = element ?? elements.object
        return element != nil
    }

    mutating func elements() -> Elements? {
        guard object.kind(in: frame.bytes) == .array else { return nil }
        return Elements(array: object.elements(in: frame.bytes), object: object, lone: nil)
    }

    mutating func abandon(_ elements: Elements) { object = elements.object }

    func end(_: StaticString) {}

    func isNext(_: StaticString) -> Bool { false }

    // MARK: - Values

    mutating func positive(_ member: StaticString) -> FixedDecimal? {
        find(member)?.positive(in: frame.bytes)
    }

    mutating func magnitude(_ member: StaticString) -> FixedDecimal? {
        find(member)?.magnitude(in: frame.bytes)
    }

    mutating func magnitudeIfPresent(_ member: StaticString) -> MemberValue<FixedDecimal> {
        guard let value = find(member), value.kind(in: frame.bytes) != .null else { return .absent }
        return value.magnitude(in: frame.bytes).map { .value($0) } ?? .malformed
    }

    mutating func decimal(_ member: StaticString) -> MemberValue<FixedDecimal> {
        guard let value = find(member), !value.isNothing(in: frame.bytes) else { return .absent }
        return value.decimal(in: frame.bytes).map { .value($0) } ?? .malformed
    }

    func appendPairs(to levels: inout OutputSpan<PriceLevel>, _ form: LevelForm) -> Bool {
        var parts = object.elements(in: frame.bytes)
        guard let price = parts.next(in: frame.bytes)?.positive(in: frame.bytes),
            let size = parts.next(in: frame.bytes)?.magnitude(in: frame.bytes)
        else { return false }
        for _ in 0..<form.extras where parts.next(in: frame.bytes) == nil { return false }
        guard parts.next(in: frame.bytes) == nil else { return false }
        levels.append(PriceLevel(price: price, size: size))
        return true
    }

    mutating func decimalIfPresent(_ member: StaticString) -> MemberValue<FixedDecimal> { decimal(member) }

    func appendStep(to levels: inout OutputSpan<PriceLevel>) -> Bool {
        var parts = object.elements(in: frame.bytes)
        guard var first = parts.next(in: frame.bytes) else { return false }
        let isDeleted = first.isString("delete", in: frame.bytes)
        if isDeleted || first.isString("new", in: frame.bytes) || first.isString("change", in: frame.bytes) {
            guard let price = parts.next(in: frame.bytes) else { return false }
            first = price
        }
        guard let price = first.positive(in: frame.bytes),
            let size = parts.next(in: frame.bytes)?.magnitude(in: frame.bytes),
            parts.next(in: frame.bytes) == nil
        else { return false }
        levels.append(PriceLevel(price: price, size: isDeleted ? .zero : size))
        return true
    }

    mutating func number(_ member: StaticString) -> Int64? { find(member)?.number(in: frame.bytes) }

    mutating func numberIfPresent(_ member: StaticString) -> MemberValue<Int64> {
        find(member).map { SearchingReader.present($0.integer(in: frame.bytes)) } ?? .absent
    }

    mutating func milliseconds(_ member: StaticString) -> MemberValue<Int64> {
        find(member).map { SearchingReader.present($0.milliseconds(in: frame.bytes)) } ?? .absent
    }

    mutating func millisecondsIfPresent(_ member: StaticString) -> MemberValue<Int64> { milliseconds(member) }

    mutating func time(_ member: StaticString, _: inout FastTime) -> MemberValue<Int64> {
        find(member).map { SearchingReader.present($0.rfc3339(in: frame.bytes)) } ?? .absent
    }

    mutating func timeIfPresent(_ member: StaticString, _ memory: inout FastTime) -> MemberValue<Int64> {
        time(member, &memory)
    }

    mutating func unixTime(_ member: StaticString) -> MemberValue<Int64> {
        find(member).map { SearchingReader.present($0.unixTime(in: frame.bytes)) } ?? .absent
    }

    mutating func unixTimeIfPresent(_ member: StaticString) -> MemberValue<Int64> { unixTime(member) }

    mutating func flag(_ member: StaticString) -> Bool? {
        guard let value = find(member), value.kind(in: frame.bytes) == .bool else { return nil }
        return value.isTrue(in: frame.bytes)
    }

    mutating func isTrue(_ member: StaticString) -> Bool { find(member)?.isTrue(in: frame.bytes) == true }

    mutating func isWord(_ member: StaticString, _ word: StaticString) -> MemberValue<Bool> {
        guard let value = find(member) else { return .absent }
        guard value.kind(in: frame.bytes) == .string else { return .malformed }
        return .value(value.isString(MemberName(word: word), in: frame.bytes))
    }

    mutating func choice(_ member: StaticString, _ first: StaticString, _ second: StaticString) -> Bool? {
        guard let value = find(member) else { return nil }
        if value.isString(MemberName(word: first), in: frame.bytes) { return true }
        return value.isString(MemberName(word: second), in: frame.bytes) ? false : nil
    }

    mutating func choiceIfPresent(
        _ member: StaticString,
        _ first: StaticString,
        _ second: StaticString
    ) -> MemberValue<Bool> {
        guard let value = find(member), !value.isNothing(in: frame.bytes) else { return .absent }
        return choice(member, first, second).map { .value($0) } ?? .malformed
    }

    mutating func tradeIDIfPresent(_ member: StaticString) -> TradeID? { tradeID(member) }

    mutating func tradeID(_ member: StaticString) -> TradeID? {
        JSONValue.tradeID(find(member), in: frame.bytes)
    }

    mutating func instrument(
        _ member: StaticString,
        _ names: inout InstrumentNames,
        _ instruments: inout InstrumentTable
    ) -> NamedInstrument {
        find(member).map { names.instrument(of: $0, in: frame.bytes, &instruments) } ?? .unreadable
    }

    mutating func instrument(
        _ member: StaticString?,
        or symbol: Symbol,
        isEmptyNone: Bool,
        _ names: InstrumentNames,
        _ instruments: inout InstrumentTable
    ) -> NamedInstrument {
        if let member, let own = find(member), own.kind(in: frame.bytes) == .string,
            !isEmptyNone || !own.isNothing(in: frame.bytes)
        {
            return names.instrument(of: own, in: frame.bytes, &instruments)
        }
        return JSONString.withBytes(of: symbol.text, in: frame.bytes) { text in
            names.instrument(of: text.extracting(symbol.start..<text.byteCount), &instruments)
        } ?? .unreadable
    }

    // MARK: - What is not read

    func skip(_: StaticString) {}

    func skipIfPresent(_: StaticString) {}

    func skipNumbersIfPresent(_: StaticString) {}

    func skipText(_: StaticString, likely _: Int) {}

    func skipTextsIfPresent(_: StaticString, likely _: Int) {}

    func skipRepeated(_: StaticString) {}

    // MARK: - Members in any order

    func members() -> JSONMembers { object.members(in: frame.bytes) }

    mutating func next(_ members: inout JSONMembers) -> FastName? {
        while let (key, value) = members.next(in: frame.bytes) {
            self.value = value
            if let name = JSONString.withBytes(of: key, in: frame.bytes, { FastName($0) }) ?? nil {
                return name
            }
        }
        return nil
    }

    func decimal() -> MemberValue<FixedDecimal> {
        if value.isNothing(in: frame.bytes) { return .absent }
        return value.decimal(in: frame.bytes).map { .value($0) } ?? .malformed
    }

    func skipValue(of _: FastName) {}

    func giveUp() {}
}
