/// The first record of a file.
public struct Header: Equatable, Sendable {
    /// What the file's content follows (`atelier` for this project's recordings).
    public var profile: String
    /// The program that wrote it.
    public var library: String

    /// Makes a header.
    public init(profile: String = "", library: String = "") {
        self.profile = profile
        self.library = library
    }
}
