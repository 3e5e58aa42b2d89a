/// A range of bytes of the file.
public struct FilePart: Sendable, Equatable {
    /// The first byte.
    public var offset: Int64
    /// How many bytes.
    public var length: Int32
}
