public import ByteCoding

/// Why a tensor file cannot be written.
public enum TensorError: Error, Equatable, Sendable {
    /// A file cannot be written.
    case file(ByteCodingError)
    /// The elements written are not those the shape says: counts of bytes.
    case sizeMismatch(path: String, written: UInt64, expected: UInt64)
    /// A shape whose size passes 2⁶³ bytes, or a negative one.
    case shape([Int])
    /// A name that occurs twice, or that the format reserves.
    case name(String)
    /// A tensor that would begin at an offset which is no multiple of its element's size.
    case unaligned(String, offset: UInt64)
}

extension TensorError: CustomStringConvertible {
    /// What was found, what is expected.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .sizeMismatch(let path, let written, let expected):
            "\(path): \(written) bytes of elements were written, the shape needs \(expected)"
        case .shape(let shape): "a tensor of shape \(shape) does not fit a file"
        case .name(let name): "the tensor name '\(name)' occurs twice or is reserved"
        case .unaligned(let name, let offset):
            "the tensor '\(name)' would begin at byte \(offset) of the data (try: SafetensorsFile.aligned)"
        }
    }
}

/// Rethrows byte coding errors as tensor errors.
func fileWork<Value>(_ body: () throws(ByteCodingError) -> Value) throws(TensorError) -> Value {
    do { return try body() } catch { throw .file(error) }
}
