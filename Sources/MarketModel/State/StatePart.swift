/// A part of a state: the bytes of one value, under a name.
public struct StatePart: Equatable, Sendable {
    /// Its name, such as `/instrument/<exchange>/<market>/<symbol>/book`.
    public var name: String
    /// The version of its form, then its fields.
    public var bytes: [UInt8]

    /// Makes a part.
    public init(name: String, bytes: [UInt8]) { (self.name, self.bytes) = (name, bytes) }
}
