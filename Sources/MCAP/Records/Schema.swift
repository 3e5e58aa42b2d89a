/// How the data of messages is encoded.
public struct Schema: Equatable, Sendable {
    /// Its number in the file, never 0.
    public var id: UInt16
    /// Its name.
    public var name: String
    /// The format of ``data``.
    public var encoding: String
    /// The schema itself.
    public var data: [UInt8]

    /// Makes a schema.
    public init(id: UInt16, name: String, encoding: String, data: [UInt8]) {
        self.id = id
        self.name = name
        self.encoding = encoding
        self.data = data
    }
}
