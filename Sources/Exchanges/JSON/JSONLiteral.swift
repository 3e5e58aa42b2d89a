extension String {
    /// The text as a JSON string.
    package var jsonLiteral: String {
        var literal = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"", "\\": literal += "\\\(scalar)"
            case "\u{0}"..."\u{1f}":
                let digits = String(scalar.value, radix: 16)
                literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + "\""
    }

    /// The text of a JSON object with a member before the others; other texts as they are.
    func withJSONMember(_ member: String) -> String { hasPrefix("{") ? "{\(member),\(dropFirst())" : self }
}

extension Sequence<String> {
    /// The texts as a JSON array of strings.
    var jsonList: String { "[\(map(\.jsonLiteral).joined(separator: ","))]" }
}
