/// Walks the members of an object.
struct JSONMembers {
    var offset: Int
    let end: Int

    mutating func next(in text: RawSpan) -> (key: JSONValue, value: JSONValue)? {
        guard let key = JSONMembers.advance(&offset, end, text) else { return nil }
        offset = JSONValue.skipSpace(text, offset) + 1  // :
        let start = JSONValue.skipSpace(text, offset)
        offset = JSONValue.skip(text, start)
        return (key, JSONValue(start: start, end: offset))
    }

    /// The next value from `offset`, past white space and a comma; nil at the closing bracket.
    static func advance(_ offset: inout Int, _ end: Int, _ text: RawSpan) -> JSONValue? {
        guard offset < end else { return nil }
        offset = JSONValue.skipSpace(text, offset)
        if JSONValue.byte(text, offset) == 0x2c { offset = JSONValue.skipSpace(text, offset + 1) }
        guard offset < end - 1 else { return nil }
        let start = offset
        offset = JSONValue.skip(text, start)
        return JSONValue(start: start, end: offset)
    }
}
