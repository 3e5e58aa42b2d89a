/// A value of a plan as its file or a flag gives it, before it is interpreted.
public enum PlanValue: Equatable, Sendable {
    /// A text.
    case text(String)
    /// A whole number.
    case integer(Int64)
    /// Any other number.
    case number(Double)
    /// A truth value.
    case flag(Bool)
    /// Several values.
    case list([PlanValue])

    /// The value as a person would write it on a command line.
    public var text: String {
        switch self {
        case .text(let text): text
        case .integer(let value): String(value)
        case .number(let value): "\(value)"
        case .flag(let value): String(value)
        case .list(let values): values.map(\.text).joined(separator: ",")
        }
    }

    /// The values of a list; a text is split at its commas.
    var items: [String] {
        switch self {
        case .list(let values): values.map(\.text)
        default:
            text.split(separator: ",", omittingEmptySubsequences: true)
                .map { String($0.drop { $0 == " " }) }
        }
    }

    /// The value in TOML.
    var toml: String {
        switch self {
        case .text(let text): OrderedJSON.quoted(text)
        case .list(let values): "[" + values.map(\.toml).joined(separator: ", ") + "]"
        default: text
        }
    }
}
