/// Texts that are mostly the one before again, like the times of a message's levels.
struct RepeatedText {
    private var start = 0
    private var length = 0

    /// Moves over a plain string and its quote; false if it is not one.
    @inline(__always)
    mutating func skip(_ cursor: inout FastCursor) -> Bool {
        let offset = cursor.offset
        // Twenty-seven bytes with the quote for microseconds: four overlapping words.
        if length == 28, cursor.left >= 28 {
            let difference =
                (cursor.word(offset) ^ cursor.word(start))
                | (cursor.word(offset &+ 8) ^ cursor.word(start &+ 8))
                | (cursor.word(offset &+ 16) ^ cursor.word(start &+ 16))
                | (cursor.word(offset &+ 20) ^ cursor.word(start &+ 20))
            if difference == 0 {
                cursor.offset = offset &+ 28
                return true
            }
        }
        guard cursor.skipPlain() else { return false }
        start = offset
        length = cursor.offset &- offset
        return true
    }
}
