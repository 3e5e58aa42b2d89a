/// The name of a member, or a word, in the form in which message code writes it: with what stands around it on the wire.
struct MemberName {
    let bytes: UnsafeBufferPointer<UInt8>

    /// The name within a member such as `,"p":"`.
    init(_ member: StaticString) {
        var count = 2
        while count < member.utf8CodeUnitCount, member.utf8Start[count] != 0x22 { count += 1 }
        bytes = UnsafeBufferPointer(start: member.utf8Start + 2, count: count - 2)
    }

    /// A word written with its closing quote.
    init(word: StaticString) {
        bytes = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount - 1)
    }

    /// All of a text.
    init(whole text: StaticString) {
        bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }
}
