import ByteCoding
import MarketModel
import TOMLKit

/// Why a manifest cannot be used.
enum ManifestError: Error, Equatable, CustomStringConvertible {
    case file(String)
    case tooLarge(String)
    case tooDeep(String, TOMLBounds.Fault)
    case syntax(String, String)
    case unknownKey(String, String, nearest: String)
    case wrongValue(String, String, found: String, expected: String)
    case refused(String, String, String)

    /// Kept on one line: keys and values may contain anything.
    var description: String { PrintableText.escaped(text) }

    private var text: String {
        switch self {
        case .file(let reason): reason
        case .tooLarge(let path): "\(path): a manifest has at most 1 MiB"
        case .tooDeep(let path, let fault): "\(path):\(fault.line): \(fault.reason)"
        case .syntax(let location, let what): "\(location): \(what)"
        case .unknownKey(let location, let key, let nearest):
            "\(location): unknown key '\(key)'; nearest: \(nearest)"
        case .wrongValue(let location, let key, let found, let expected):
            "\(location): \(key) is \(found); expected \(expected)"
        case .refused(let location, let key, let reason): "\(location): \(key): \(reason)"
        }
    }
}
