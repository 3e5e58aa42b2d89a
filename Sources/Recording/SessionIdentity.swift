import MCAP

/// Which session a recording belongs to, and which part of it the file is: what its metadata say.
///
/// Files of one recorder share their session's start. An import is a session of its own, however it begins; a piece
/// that continues another file says of which session that was.
public struct SessionIdentity: Equatable, Sendable {
    /// When the session began, else the receive time of the file's first frame: nanoseconds since the Unix epoch.
    public var start: Int64
    /// Names the session among others.
    public var name: String
    /// The place among pieces that continue each other, from 1; files of a recorder are all 1.
    public var part: Int
    /// Whether every file that says this name is of the session; two imports that begin alike are two sessions.
    public var isShared: Bool

    /// Keys of the metadata record `session` that say it.
    enum Key {
        static let start = "start_ns"
        static let source = "source"
        static let id = "id"
        static let continues = "continues"
        static let part = "part"
        /// Followed by a topic; the value is the counter of its last frame and the connection's name.
        static let counter = "counter "
    }

    /// What a `session` record says; `firstFrame` stands in for a start that is not told.
    init(_ facts: Metadata?, firstFrame: Int64) {
        let told = facts?.values[Key.start].flatMap { Int64($0) }
        start = told ?? firstFrame
        (part, isShared) = (1, false)
        if let continued = facts?.values[Key.continues] {
            (name, isShared) = (continued, true)
            // Whatever the file says, a further piece has a number, too.
            part = min(facts?.values[Key.part].flatMap { Int($0) } ?? 2, Int.max - 1)
        } else if told == nil {
            name = "file-\(start)"
        } else if facts?.values[Key.source] == "import" {
            name = "import-\(start)-\(facts?.values[Key.id] ?? "")"
        } else {
            (name, isShared) = ("session-\(start)", true)
        }
    }

    /// The session of each file, as numbers from 0.
    ///
    /// A piece goes with the first file in order that it can be a piece of.
    public static func sessions(of files: [SessionIdentity]) -> [Int] {
        var numbers = [Int](repeating: 0, count: files.count)
        var named: [String: Int] = [:]
        var count = 0
        let alone = files.indices.filter { !files[$0].isShared }
        for index in alone + files.indices.filter({ files[$0].isShared }) {
            let name = files[index].name
            if files[index].isShared, let known = named[name] {
                numbers[index] = known
                continue
            }
            numbers[index] = count
            if named[name] == nil { named[name] = count }
            count += 1
        }
        return numbers
    }
}
