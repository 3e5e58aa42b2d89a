import MarketModel

/// Reads a message member by member, in the order in which its venue writes them.
///
/// Message code is written once, over this protocol: an ``OrderedReader`` reads frames in the venue's usual order at
/// full speed, a ``SearchingReader`` finds the members of any valid frame by name.
///
/// A member is named as it stands on the wire, from the comma or brace before it up to its value: `,"p":"`. Those of a
/// list have no names but what stands before them: `[` or `,`, and a quote before a text.
protocol MemberReader {
    /// The object that was entered from, to go back to.
    associatedtype Scope
    /// The list that was entered from, to go back to.
    associatedtype ListScope
    /// How far the elements of an array are read.
    associatedtype Elements
    /// How far the members of the object at hand are read, where they come in any order.
    associatedtype Members
    /// A symbol that stands before the entries of a message.
    associatedtype Symbol

    /// Whether nothing was out of order up to the end of the frame.
    var isComplete: Bool { get }
    /// At least the number of bytes that the members not yet read have.
    var bytesLeft: Int { get }

    // MARK: - Structure

    /// Moves into the object that is the member's value; one without members if there is none.
    mutating func enter(_ member: StaticString) -> Scope
    /// Moves out of an object again.
    mutating func leave(_ scope: Scope)
    /// Moves into the list that is the member's value, whose members are read in turn; nil if it is none.
    ///
    /// The element at hand where the member is an empty text.
    mutating func enterList(_ member: StaticString) -> ListScope?
    /// Moves out of a list again, past what was not read of it.
    mutating func leaveList(_ scope: ListScope)
    /// Whether the object at hand is one.
    var isInObject: Bool { get }
    /// Begins the elements of the array that is the member's value; nil if there is none.
    mutating func elements(of member: StaticString, _ form: ListForm) -> Elements?
    /// Moves to the next element; false, and back in the object of the array, if there is none.
    mutating func next(_ elements: inout Elements) -> Bool
    /// Begins the elements of the element at hand, itself an array; nil if it is none.
    mutating func elements() -> Elements?
    /// Moves back to the object of an array whose elements are not read further.
    mutating func abandon(_ elements: Elements)
    /// The end of an entry or of the frame, as it stands on the wire.
    mutating func end(_ text: StaticString)
    /// Whether the member comes next; false where the order does not matter.
    func isNext(_ member: StaticString) -> Bool

    // MARK: - Values

    /// A price, or the size of a trade: a decimal above zero.
    mutating func positive(_ member: StaticString) -> FixedDecimal?
    /// A decimal that is not negative.
    mutating func magnitude(_ member: StaticString) -> FixedDecimal?
    /// ``magnitude(_:)`` that may be missing; absent also where it is `null`.
    mutating func magnitudeIfPresent(_ member: StaticString) -> MemberValue<FixedDecimal>
    /// A decimal, bare or in a text, perhaps a negative one; absent where there is none, or an empty text or `null`.
    mutating func decimal(_ member: StaticString) -> MemberValue<FixedDecimal>
    /// ``decimal(_:)`` of a member that may be missing.
    mutating func decimalIfPresent(_ member: StaticString) -> MemberValue<FixedDecimal>
    /// The element at hand as a level, and as many of those behind it as are read with it; whether it is one.
    mutating func appendPairs(to levels: inout OutputSpan<PriceLevel>, _ form: LevelForm) -> Bool
    /// The element at hand as a level of bare numbers: `[0.5,2.0]`, or with a word before them for what became of it, of
    /// which `delete` empties it: `["delete",0.5,0.0]`; whether it is one.
    mutating func appendStep(to levels: inout OutputSpan<PriceLevel>) -> Bool
    /// A whole number that is not negative.
    mutating func number(_ member: StaticString) -> Int64?
    /// A whole number, perhaps none.
    mutating func numberIfPresent(_ member: StaticString) -> MemberValue<Int64>
    /// Milliseconds since the Unix epoch, as nanoseconds.
    mutating func milliseconds(_ member: StaticString) -> MemberValue<Int64>
    /// ``milliseconds(_:)`` that may be missing.
    mutating func millisecondsIfPresent(_ member: StaticString) -> MemberValue<Int64>
    /// A time as RFC 3339 text, in nanoseconds since the Unix epoch.
    mutating func time(_ member: StaticString, _ memory: inout FastTime) -> MemberValue<Int64>
    /// ``time(_:_:)`` that may be missing.
    mutating func timeIfPresent(_ member: StaticString, _ memory: inout FastTime) -> MemberValue<Int64>
    /// Milliseconds or microseconds since the Unix epoch, told apart by magnitude, as nanoseconds.
    mutating func unixTime(_ member: StaticString) -> MemberValue<Int64>
    /// ``unixTime(_:)`` that may be missing.
    mutating func unixTimeIfPresent(_ member: StaticString) -> MemberValue<Int64>
    /// `true` or `false`.
    mutating func flag(_ member: StaticString) -> Bool?
    /// Whether the value is `true`; false where there is none.
    mutating func isTrue(_ member: StaticString) -> Bool
    /// Whether the text is a word, written with its closing quote; absent where there is no such member.
    mutating func isWord(_ member: StaticString, _ word: StaticString) -> MemberValue<Bool>
    /// Whether the text is the first of two, written with their closing quotes; nil if it is neither.
    mutating func choice(_ member: StaticString, _ first: StaticString, _ second: StaticString) -> Bool?
    /// ``choice(_:_:_:)`` that may be missing; absent also where it is an empty text or `null`.
    mutating func choiceIfPresent(
        _ member: StaticString,
        _ first: StaticString,
        _ second: StaticString
    ) -> MemberValue<Bool>
    /// A trade's identifier; ``TradeID/none`` where there is none.
    mutating func tradeID(_ member: StaticString) -> TradeID?
    /// ``tradeID(_:)`` of a member that may be missing.
    mutating func tradeIDIfPresent(_ member: StaticString) -> TradeID?
    /// What a symbol names.
    mutating func instrument(
        _ member: StaticString,
        _ names: inout InstrumentNames,
        _ instruments: inout InstrumentTable
    ) -> NamedInstrument
    /// What an entry's symbol names, or the message's if the entry has none.
    mutating func instrument(
        _ member: StaticString?,
        or symbol: Symbol,
        isEmptyNone: Bool,
        _ names: InstrumentNames,
        _ instruments: inout InstrumentTable
    ) -> NamedInstrument

    // MARK: - What is not read

    /// A member that nothing is made of.
    mutating func skip(_ member: StaticString)
    /// ``skip(_:)`` of one that may be missing.
    mutating func skipIfPresent(_ member: StaticString)
    /// ``skipIfPresent(_:)`` of an object of numbers, its brace part of the member as it is written.
    mutating func skipNumbersIfPresent(_ member: StaticString)
    /// ``skip(_:)`` of a text that is mostly so many bytes long.
    mutating func skipText(_ member: StaticString, likely count: Int)
    /// ``skipIfPresent(_:)`` of a list of such texts, its bracket part of the member as it is written.
    mutating func skipTextsIfPresent(_ member: StaticString, likely count: Int)
    /// ``skip(_:)`` of a text that is mostly that of the entry before.
    mutating func skipRepeated(_ member: StaticString)

    // MARK: - Members in any order

    /// Begins the members of the object at hand, behind those that were read.
    func members() -> Members
    /// Moves to the next member whose key is at most ``FastName/longest`` bytes long; nil if there is none.
    mutating func next(_ members: inout Members) -> FastName?
    /// The value at hand; absent where it is an empty text or `null`.
    mutating func decimal() -> MemberValue<FixedDecimal>
    /// Moves over the value at hand.
    mutating func skipValue(of key: FastName)
    /// Leaves the frame to a ``SearchingReader``.
    mutating func giveUp()
}

extension StaticString {
    /// Whether it names a member of a list, which has no name.
    @inline(__always)
    var isUnnamed: Bool { utf8CodeUnitCount <= 2 }
}
