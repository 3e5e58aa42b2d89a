/// Makes foreign texts (from venues, files, a command line) safe to show: on one line, unable to control a
/// terminal or reorder the text around them.
public enum PrintableText {
    /// The text with all invisible characters escaped.
    ///
    /// These are control characters, line ends, directional marks and zero-width characters. Cost: one
    /// pass; plain ASCII is returned as it is.
    public static func escaped(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return text }
        var result = ""
        for scalar in text.unicodeScalars { append(scalar, to: &result) }
        return result
    }

    /// The same for text of several lines: line ends stay.
    public static func escapedLines(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) || $0 == 0x0a }) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "\n" { result += "\n" } else { append(scalar, to: &result) }
        }
        return result
    }

    /// The text escaped and cut after `limit` characters, with the number of those omitted.
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

    /// Whether a character is invisible or alters the text around it: controls, format characters, line
    /// separators and noncharacters.
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
