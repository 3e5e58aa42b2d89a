import MarketModel

/// JSON with fixed order and spacing: the same content gives the same bytes.
package enum OrderedJSON: Equatable, Sendable {
    /// A string.
    case string(String)
    /// A whole number below 2⁵³.
    case integer(Int)
    /// A double in its shortest form that reads back the same; infinities and NaN are strings.
    case number(Double)
    /// A truth value.
    case bool(Bool)
    /// JSON's `null`.
    case null
    /// Values in order.
    case array([OrderedJSON])
    /// Members in the order given.
    case object([(String, OrderedJSON)])

    /// A time or another integer that can exceed 2⁵³, as a string.
    package static func large(_ value: Int64) -> OrderedJSON { .string(String(value)) }

    package static func == (left: OrderedJSON, right: OrderedJSON) -> Bool { left.compact == right.compact }

    /// On one line.
    package var compact: String { text(indent: nil, depth: 0) }

    /// Indented by two spaces; arrays and objects of plain values on one line if they fit in 110 columns.
    package var pretty: String { text(indent: 2, depth: 0) + "\n" }

    private func text(indent: Int?, depth: Int) -> String {
        switch self {
        case .string(let text): return OrderedJSON.quoted(text)
        case .integer(let value): return String(value)
        case .number(let value): return value.isFinite ? "\(value)" : "\"\(value)\""
        case .bool(let value): return value ? "true" : "false"
        case .null: return "null"
        case .array(let values):
            return OrderedJSON.join("[", values.map { ("", $0) }, "]", indent, depth)
        case .object(let members):
            return OrderedJSON.join(
                "{",
                members.map { (OrderedJSON.quoted($0.0) + (indent == nil ? ":" : ": "), $0.1) },
                "}",
                indent,
                depth
            )
        }
    }

    private static func join(
        _ open: String,
        _ members: [(String, OrderedJSON)],
        _ close: String,
        _ indent: Int?,
        _ depth: Int
    ) -> String {
        let flat = members.map { $0.0 + $0.1.text(indent: nil, depth: 0) }
        guard let indent, flat.reduce(depth * 2, { $0 + $1.utf8.count + 2 }) > 100 else {
            return open + flat.joined(separator: indent == nil ? "," : ", ") + close
        }
        let margin = String(repeating: " ", count: indent * (depth + 1))
        let lines = members.map { margin + $0.0 + $0.1.text(indent: indent, depth: depth + 1) }
        return open + "\n" + lines.joined(separator: ",\n") + "\n"
            + String(repeating: " ", count: indent * depth) + close
    }

    /// A JSON string; also a basic string of TOML.
    package static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\r": quoted += "\\r"
            default:
                if scalar.value < 0x10000, PrintableText.isHidden(scalar) {
                    let digits = String(scalar.value, radix: 16)
                    quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    quoted.unicodeScalars.append(scalar)
                }
            }
        }
        return quoted + "\""
    }
}
