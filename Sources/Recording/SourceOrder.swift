import MCAP

/// Orders recordings at equal receive times: by session start, part, file name, path.
public struct SourceOrder: Comparable, Sendable {
    private let start: Int64
    private let part: Int
    private let names: [String]

    /// The order of a file.
    public init(_ session: SessionIdentity, path: String) {
        (start, part) = (session.start, session.part)
        names = [path.split(separator: "/").last.map(String.init) ?? path, path]
    }

    /// Names are compared by their bytes.
    public static func < (left: SourceOrder, right: SourceOrder) -> Bool {
        if left.start != right.start { return left.start < right.start }
        if left.part != right.part { return left.part < right.part }
        let index = left.names[0] == right.names[0] ? 1 : 0
        return left.names[index].utf8.lexicographicallyPrecedes(right.names[index].utf8)
    }
}
