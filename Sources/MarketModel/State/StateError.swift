/// Why a state cannot be read.
public enum StateError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A field that this version has is not in the state.
    case missing(field: String, found: String?)
    /// The state has a field that this version does not know.
    case unknown(field: String, after: String)
    /// The bytes of a field are none of its values.
    case malformed(field: String, reason: String)
    /// A part is of another version.
    case version(part: String, found: UInt8, expected: UInt8)
    /// A part that this state needs is not there.
    case missingPart(String)
    /// A part that nothing here needs.
    case unknownPart(String)
    /// Memory or a temporary file for the state cannot be used.
    case storage(String)
    /// The state is of other options or inputs.
    case mismatch(what: String, found: String, expected: String)

    /// What is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .missing(let field, let found):
            "the state lacks the field \(field)" + (found.map { "; in its place is \($0)" } ?? "")
                + ": it was written by another version; make it anew"
        case .unknown(let field, let after):
            "the state has a field \(field) after \(after), which this version does not know; make it anew"
        case .malformed(let field, let reason): "the state's field \(field) is damaged: \(reason)"
        case .version(let part, let found, let expected):
            "the part \(part) of the state has version \(found); this version reads \(expected): make it anew"
        case .missingPart(let part): "the state lacks the part \(part)"
        case .unknownPart(let part): "the state has a part \(part), which this replay does not know"
        case .storage(let reason): "the state cannot be kept: \(reason)"
        case .mismatch(let what, let found, let expected):
            "the state was made with \(what) \(found), not \(expected): use the same, or make it anew"
        }
    }
}
