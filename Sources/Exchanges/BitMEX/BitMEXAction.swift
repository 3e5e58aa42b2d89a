/// What a message does with the rows of its table.
enum BitMEXAction: String {
    /// They are all that the table has now.
    case partial
    case insert
    case update
    case delete

    /// The action of a word; nil if it is none.
    init?(_ word: JSONValue, in text: RawSpan) {
        if word.isString("update", in: text) {
            self = .update
        } else if word.isString("insert", in: text) {
            self = .insert
        } else if word.isString("delete", in: text) {
            self = .delete
        } else {
            guard word.isString("partial", in: text) else { return nil }
            self = .partial
        }
    }
}
