/// Walks the elements of an array.
struct JSONElements {
    var offset: Int
    let end: Int

    mutating func next(in text: RawSpan) -> JSONValue? { JSONMembers.advance(&offset, end, text) }
}
