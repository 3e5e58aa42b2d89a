import ByteCoding
import Dataset
import TOMLKit

/// Why a plan's file cannot be read.
enum PlanFileError: Error, Equatable, CustomStringConvertible {
    /// It is no TOML.
    case syntax(String, line: Int, column: Int, String)
    /// A value of a type that no key has.
    case value(String, key: String)
    /// A key in several tables, which only group keys.
    case repeated(String, key: String)
    /// It is too large for a plan.
    case tooLarge(String)

    var description: String {
        switch self {
        case .syntax(let path, let line, let column, let what): "\(path):\(line):\(column): \(what)"
        case .value(let path, let key):
            "\(path): \(key): expected a text, a number, true, false or a list (write times in quotes)"
        case .repeated(let path, let key):
            "\(path): \(key): found in several tables, expected once (tables only group keys)"
        case .tooLarge(let path): "\(path): a plan has at most 16 MiB"
        }
    }
}
