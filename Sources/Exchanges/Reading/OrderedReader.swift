import MarketModel

/// Reads a message whose members come in the venue's usual order, without white space and escapes.
///
/// Any deviation makes it give up: then what was read of the frame counts for nothing. What it reads to the end is
/// valid, and a ``SearchingReader`` would have read the same.
struct OrderedReader {
    /// A symbol of the message, known to the batch.
    struct Symbol {
        var name: FastName
        var instrument: InstrumentIndex
    }

    struct Elements {
        var isFirst = true
    }

    var cursor: FastCursor
    private var repeated = RepeatedText()
    /// The last symbol read: the entries of a list mostly have the same.
    private var last: Symbol?
    private let frame: UnsafeRawBufferPointer

    @inline(__always)
    init(_ frame: UnsafeRawBufferPointer, at offset: Int = 0) {
        self.frame = frame
        cursor = FastCursor(frame, at: offset)
    }

    @inline(__always)
    private mutating func fail<Value>() -> Value? {
        cursor.fail()
        return nil
    }

    @inline(__always)
    private mutating func expect(_ isAsExpected: Bool) {
        if !isAsExpected { cursor.fail() }
    }

    /// Whether a member's value is a text: its quote is part of the member as it is written.
    @inline(__always)
    private static func isText(_ member: StaticString) -> Bool {
        member.utf8Start[member.utf8CodeUnitCount &- 1] == 0x22
    }

    @inline(__always)
    private mutating func required(_ value: Int64?) -> MemberValue<Int64> {
        if let value { return .value(value) }
        cursor.fail()
        return .malformed
    }
}

extension OrderedReader: MemberReader {
    @inline(__always)
    var isComplete: Bool { cursor.left == 0 }

    @inline(__always)
    var bytesLeft: Int { max(cursor.left, 0) }

    // MARK: - Structure

    @inline(__always)
    mutating func enter(_ member: StaticString) { expect(cursor.consume(member)) }

    @inline(__always)
    mutating func leave(_: Void) { expect(cursor.consume(0x7d)) }

    @inline(__always)
    mutating func enterList(_ member: StaticString) -> Void? {
        guard cursor.consume(member) else { return fail() }
        return ()
    }

    @inline(__always)
    mutating func leaveList(_: Void) { expect(cursor.consume(0x5d)) }

    @inline(__always)
    var isInObject: Bool { true }

    @inline(__always)
    mutating func elements(of member: StaticString, _: ListForm) -> Elements? {
        cursor.consume(member) ? Elements() : fail()
    }

    @inline(__always)
    mutating func next(_ elements: inout Elements) -> Bool {
        if elements.isFirst {
            elements.isFirst = false
            return !cursor.consume(0x5d)
        }
        guard cursor.left > 0 else {
            cursor.fail()
            return false
        }
        let byte = cursor.byte(cursor.offset)
        cursor.offset &+= 1
        if byte == 0x2c { return true }
        expect(byte == 0x5d)
        return false
    }

    @inline(__always)
    mutating func elements() -> Elements? { cursor.consume(0x5b) ? Elements() : fail() }

    @inline(__always)
    mutating func abandon(_: Elements) { cursor.fail() }

    @inline(__always)
    mutating func end(_ text: StaticString) { expect(cursor.consume(text)) }

    @inline(__always)
    func isNext(_ member: StaticString) -> Bool { cursor.isNext(member) }

    // MARK: - Values

    @inline(__always)
    mutating func positive(_ member: StaticString) -> FixedDecimal? {
        guard cursor.consume(member), let value = number(of: member), value.mantissa > 0 else {
            return fail()
        }
        return value
    }

    @inline(__always)
    mutating func magnitude(_ member: StaticString) -> FixedDecimal? {
        cursor.consume(member) ? number(of: member) ?? fail() : fail()
    }

    /// The decimal behind a member.
    @inline(__always)
    private mutating func number(of member: StaticString) -> FixedDecimal? {
        OrderedReader.isText(member) ? cursor.decimal(isText: true) : cursor.number()
    }

    @inline(__always)
    mutating func magnitudeIfPresent(_ member: StaticString) -> MemberValue<FixedDecimal> {
        guard cursor.isNext(member) else { return .absent }
        return magnitude(member).map { .value($0) } ?? .malformed
    }

    @inline(__always)
    mutating func decimal(_ member: StaticString) -> MemberValue<FixedDecimal> {
        expect(cursor.consume(member))
        return OrderedReader.isText(member) ? decimal() : bareDecimal()
    }

    @inline(__always)
    mutating func decimalIfPresent(_ member: StaticString) -> MemberValue<FixedDecimal> {
        cursor.isNext(member) ? decimal(member) : .absent
    }

    @inline(__always)
    private mutating func bareDecimal() -> MemberValue<FixedDecimal> {
        if cursor.consume("null") { return .absent }
        // The sign says the side, a coin toss: no branch.
        let sign: Int64 = cursor.left > 0 && cursor.byte(cursor.offset) == 0x2d ? 1 : 0
        cursor.offset &+= Int(sign)
        guard var value = cursor.number() else {
            cursor.fail()
            return .malformed
        }
        value.mantissa = (value.mantissa ^ (0 &- sign)) &+ sign
        return .value(value)
    }

    @inline(__always)
    mutating func appendStep(to levels: inout OutputSpan<PriceLevel>) -> Bool {
        let isDeleted = cursor.consume(#"["delete","#)
        guard
            isDeleted || cursor.consume(#"["change","#) || cursor.consume(#"["new","#)
                || cursor.consume(0x5b),
            let price = cursor.number(), cursor.consume(0x2c), let size = cursor.number(),
            cursor.consume(0x5d),
            price.mantissa > 0
        else {
            cursor.fail()
            return false
        }
        levels.append(PriceLevel(price: price, size: isDeleted ? .zero : size))
        return true
    }

    @inline(__always)
    mutating func appendPairs(to levels: inout OutputSpan<PriceLevel>, _ form: LevelForm) -> Bool {
        let start = cursor.offset
        guard cursor.consume(#"[""#), let price = cursor.decimal(isText: true), cursor.consume(#",""#),
            let size = cursor.decimal(isText: true), cursor.endLevel(form), price.mantissa > 0
        else {
            cursor.fail()
            return false
        }
        let level = PriceLevel(price: price, size: size)
        levels.append(level)
        if cursor.isNext(#",[""#) { cursor.appendLevels(like: level, at: start, form, to: &levels) }
        return true
    }

    @inline(__always)
    mutating func number(_ member: StaticString) -> Int64? {
        guard cursor.consume(member), let value = cursor.whole() else { return fail() }
        return value
    }

    @inline(__always)
    mutating func numberIfPresent(_ member: StaticString) -> MemberValue<Int64> {
        cursor.consume(member) ? required(cursor.signedWhole()) : .absent
    }

    @inline(__always)
    mutating func milliseconds(_ member: StaticString) -> MemberValue<Int64> {
        required(cursor.consume(member) ? cursor.milliseconds(isText: OrderedReader.isText(member)) : nil)
    }

    @inline(__always)
    mutating func millisecondsIfPresent(_ member: StaticString) -> MemberValue<Int64> {
        cursor.isNext(member) ? milliseconds(member) : .absent
    }

    @inline(__always)
    mutating func time(_ member: StaticString, _ memory: inout FastTime) -> MemberValue<Int64> {
        required(cursor.consume(member) ? memory.read(&cursor) : nil)
    }

    @inline(__always)
    mutating func timeIfPresent(_ member: StaticString, _ memory: inout FastTime) -> MemberValue<Int64> {
        cursor.consume(member) ? required(memory.read(&cursor)) : .absent
    }

    @inline(__always)
    mutating func unixTime(_ member: StaticString) -> MemberValue<Int64> {
        required(cursor.consume(member) ? cursor.milliseconds() ?? cursor.microseconds() : nil)
    }

    @inline(__always)
    mutating func unixTimeIfPresent(_ member: StaticString) -> MemberValue<Int64> {
        cursor.isNext(member) ? unixTime(member) : .absent
    }

    @inline(__always)
    mutating func flag(_ member: StaticString) -> Bool? {
        cursor.consume(member) ? cursor.bool() ?? fail() : fail()
    }

    @inline(__always)
    mutating func isTrue(_ member: StaticString) -> Bool {
        cursor.consume(member) ? cursor.bool() ?? fail() ?? false : false
    }

    @inline(__always)
    mutating func isWord(_ member: StaticString, _ word: StaticString) -> MemberValue<Bool> {
        guard cursor.consume(member) else { return .absent }
        if cursor.consume(word) { return .value(true) }
        expect(cursor.skipPlain())
        return .value(false)
    }

    @inline(__always)
    mutating func choice(_ member: StaticString, _ first: StaticString, _ second: StaticString) -> Bool? {
        guard cursor.consume(member) else { return fail() }
        if cursor.consume(first) { return true }
        return cursor.consume(second) ? false : fail()
    }

    @inline(__always)
    mutating func choiceIfPresent(
        _ member: StaticString,
        _ first: StaticString,
        _ second: StaticString
    ) -> MemberValue<Bool> {
        guard cursor.isNext(member) else { return .absent }
        return choice(member, first, second).map { .value($0) } ?? .malformed
    }

    @inline(__always)
    mutating func tradeID(_ member: StaticString) -> TradeID? {
        guard cursor.consume(member) else { return fail() }
        if OrderedReader.isText(member) { return cursor.tradeID(frame.bytes) ?? fail() }
        guard let range = cursor.wholeDigits(TradeID.maximumLength) else { return fail() }
        return cursor.tradeID(frame.bytes, range)
    }

    @inline(__always)
    mutating func tradeIDIfPresent(_ member: StaticString) -> TradeID? {
        cursor.isNext(member) ? tradeID(member) : TradeID.none
    }

    @inline(__always)
    mutating func instrument(
        _ member: StaticString,
        _ names: inout InstrumentNames,
        _ instruments: inout InstrumentTable
    ) -> NamedInstrument {
        guard cursor.consume(member), let name = cursor.name() else {
            cursor.fail()
            return .unreadable
        }
        if let last, last.name == name { return .instrument(last.instrument) }
        guard let found = names.known(name, in: instruments) else {
            cursor.fail()
            return .unreadable
        }
        last = Symbol(name: name, instrument: found)
        return .instrument(found)
    }

    @inline(__always)
    mutating func instrument(
        _ member: StaticString?,
        or symbol: Symbol,
        isEmptyNone: Bool,
        _: InstrumentNames,
        _: inout InstrumentTable
    ) -> NamedInstrument {
        guard let member else { return .instrument(symbol.instrument) }
        guard cursor.consume(member), let name = cursor.name(), name == symbol.name else {
            cursor.fail()
            return .unreadable
        }
        return .instrument(symbol.instrument)
    }

    // MARK: - What is not read

    @inline(__always)
    mutating func skip(_ member: StaticString) { expect(cursor.consume(member) && skipScalar(member)) }

    @inline(__always)
    mutating func skipIfPresent(_ member: StaticString) {
        if cursor.consume(member) { expect(skipScalar(member)) }
    }

    @inline(__always)
    mutating func skipText(_ member: StaticString, likely count: Int) {
        expect(cursor.consume(member) && cursor.skipPlain(likely: count))
    }

    @inline(__always)
    mutating func skipTextsIfPresent(_ member: StaticString, likely count: Int) {
        if cursor.consume(member) { expect(cursor.skipTexts(likely: count)) }
    }

    @inline(__always)
    mutating func skipRepeated(_ member: StaticString) {
        expect(cursor.consume(member) && repeated.skip(&cursor))
    }

    @inline(__always)
    private mutating func skipScalar(_ member: StaticString) -> Bool {
        if OrderedReader.isText(member) { return cursor.skipPlain() }
        if cursor.left > 0, cursor.byte(cursor.offset) < 0x3a { return cursor.skipNumber() }
        return cursor.bool() != nil || cursor.consume("null")
    }

    @inline(__always)
    mutating func skipNumbersIfPresent(_ member: StaticString) {
        if cursor.consume(member) { expect(cursor.skipNumbers()) }
    }

    // MARK: - Members in any order

    @inline(__always)
    func members() {}

    @inline(__always)
    mutating func next(_: inout Void) -> FastName? {
        guard cursor.consume(#",""#) else { return nil }
        guard let key = cursor.name(), cursor.consume(#":""#) else { return fail() }
        return key
    }

    @inline(__always)
    mutating func decimal() -> MemberValue<FixedDecimal> {
        if cursor.consume(0x22) { return .absent }
        let isNegative = cursor.consume(0x2d)
        guard var value = cursor.decimal(isText: true) else {
            cursor.fail()
            return .malformed
        }
        if isNegative { value.mantissa = 0 &- value.mantissa }
        return .value(value)
    }

    @inline(__always)
    mutating func skipValue(of key: FastName) { expect(key.isPlainFast && cursor.skipPlain()) }

    @inline(__always)
    mutating func giveUp() { cursor.fail() }
}
