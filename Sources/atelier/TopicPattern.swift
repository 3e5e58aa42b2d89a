import Recording

/// A topic in which `*` matches any characters, also none.
struct TopicPattern {
    private let parts: [Substring.UTF8View]

    init(_ text: String) {
        parts = text.split(separator: "*", omittingEmptySubsequences: false).map(\.utf8)
    }

    func matches(_ topic: String) -> Bool {
        guard let first = parts.first, let last = parts.last, topic.utf8.starts(with: first) else {
            return false
        }
        guard parts.count > 1 else { return topic.utf8.count == first.count }
        var rest = topic.utf8.dropFirst(first.count)
        for part in parts[1..<(parts.count - 1)] {
            guard let end = Self.end(of: part, in: rest) else { return false }
            rest = rest[end...]
        }
        return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
    }

    /// The end of the first `part` in `text`.
    private static func end(
        of part: Substring.UTF8View,
        in text: Substring.UTF8View
    ) -> Substring.UTF8View.Index? {
        var start = text.startIndex
        while text.distance(from: start, to: text.endIndex) >= part.count {
            if text[start...].starts(with: part) { return text.index(start, offsetBy: part.count) }
            guard start < text.endIndex else { return nil }
            start = text.index(after: start)
        }
        return nil
    }
}
