/// Texts of others — venues, files, a command line — as they are shown to people: on one line, unable to steer a
/// terminal or to reorder what stands around them.
public enum PrintableText {
    /// The text with everything escaped that does not show as itself.
    ///
    /// That is control characters, line ends, directions of writing, characters without width. Cost: one pass; plain
    /// ASCII is handed back as it is.
    public static func escaped(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return text }
        var result = ""
        for scalar in text.unicodeScalars { append(scalar, to: &result) }
        return result
    }

    /// The same of text that we laid out in lines ourselves: line ends stay.
    public static func escapedLines(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) || $0 == 0x0a }) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "\n" { result += "\n" } else { append(scalar, to: &result) }
        }
        return result
    }

    /// The text escaped and cut after `limit` characters, saying how many are left out.
    public static func shortened(_ text: String, to limit: Int = 500) -> String {
        guard let end = text.unicodeScalars.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex),
            end < text.endIndex
        else { return escaped(text) }
        let left = text.unicodeScalars.distance(from: end, to: text.endIndex)
        return "\(escaped(String(text.unicodeScalars[..<end])))… (\(left) more characters)"
    }

    private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
        switch scalar {
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\t": text += "\\t"
        case _ where isHidden(scalar): text += "\\u{\(String(scalar.value, radix: 16))}"
        default: text.unicodeScalars.append(scalar)
        }
    }

    /// Whether a character does not show as itself: controls, format characters (they have no width or turn the
    /// direction of writing), separators of lines, and numbers that are no characters.
    public static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20..<0x7f: return false
        case 0..<0x20, 0x7f..<0xa0, 0xfdd0...0xfdef, 0xfff0...0xfff8: return true
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return true
        default: return scalar.value & 0xfffe == 0xfffe || scalar.properties.isDefaultIgnorableCodePoint
        }
    }
}
