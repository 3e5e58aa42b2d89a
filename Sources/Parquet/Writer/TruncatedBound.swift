/// Truncates bounds of long texts so that they stay bounds and valid text.
enum TruncatedBound {
    /// A lower bound of `value` of at most `limit` bytes.
    static func lower(_ value: [UInt8], limit: Int, isText: Bool) -> [UInt8] {
        value.count <= limit ? value : cut(value, limit, isText)
    }

    /// An upper bound of `value` of about `limit` bytes; nil if there is none.
    static func upper(_ value: [UInt8], limit: Int, isText: Bool) -> [UInt8]? {
        guard value.count > limit else { return value }
        let head = cut(value, limit, isText)
        return isText ? incrementedText(head) : incrementedBytes(head)
    }

    private static func cut(_ value: [UInt8], _ limit: Int, _ isText: Bool) -> [UInt8] {
        var end = limit
        // Not within a character: continuation bytes are 10xxxxxx.
        while isText, end > 0, value[end] & 0xC0 == 0x80 { end -= 1 }
        return Array(value[..<end])
    }

    private static func incrementedBytes(_ head: [UInt8]) -> [UInt8]? {
        guard let last = head.lastIndex(where: { $0 < 0xFF }) else { return nil }
        return Array(head[..<last]) + [head[last] + 1]
    }

    private static func incrementedText(_ head: [UInt8]) -> [UInt8]? {
        guard let text = String(validating: head, as: UTF8.self) else { return incrementedBytes(head) }
        var scalars = Array(text.unicodeScalars)
        while let last = scalars.popLast() {
            // After U+D7FF come the surrogates, which are not characters.
            let next = last.value == 0xD7FF ? 0xE000 : last.value + 1
            guard let scalar = Unicode.Scalar(next) else { continue }
            scalars.append(scalar)
            var result = ""
            result.unicodeScalars.append(contentsOf: scalars)
            return Array(result.utf8)
        }
        return nil
    }
}
