/// A number of pages of one kind and encoding.
public struct PageEncodingCount: Sendable, Equatable {
    /// The kind of page: 0 data, 2 dictionary, 3 data of version 2.
    public var pageKind: Int32
    /// Their encoding.
    public var encoding: Encoding
    /// How many there are.
    public var count: Int32
}
