import MCAP
package import MarketModel

/// The session a recording belongs to, and which part of it the file is, by its metadata.
///
/// Files of one recorder share their session's start. Each import is a session of its own; one that
/// continues another file names that file's session.
public struct SessionIdentity: Equatable, Sendable {
    /// When the session began, or else the receive time of the file's first frame: nanoseconds since the
    /// Unix epoch.
    public var start: Int64
    /// The session's name.
    public var name: String
    /// The number among pieces that continue each other, from 1; always 1 for files of a recorder.
    public var part: Int
    /// Whether all files of this name belong to the session; imports that begin alike are separate
    /// sessions.
    public var isShared: Bool

    /// Keys of the metadata record `session`.
    enum Key {
        static let start = "start_ns"
        static let source = "source"
        static let id = "id"
        static let continues = "continues"
        static let part = "part"
        /// Followed by a topic; the value is the counter of its last frame and the connection's name.
        static let counter = "counter "
    }

    /// Reads a `session` record; `firstFrame` replaces a missing start.
    init(_ facts: Metadata?, firstFrame: Int64) {
        let told = facts?.values[Key.start].flatMap { Int64($0) }
        start = told ?? firstFrame
        (part, isShared) = (1, false)
        if let continued = facts?.values[Key.continues] {
            (name, isShared) = (continued, true)
            // A later piece needs a number even if the file's is missing or invalid.
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
    /// A piece belongs to the first file in order that it can continue.
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

extension SessionIdentity: StateElement {
    package static var blank: SessionIdentity { SessionIdentity(nil, firstFrame: 0) }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("start", &start)
        try coder.packed("name", &name)
        try coder.packed("part", &part)
        try coder.packed("isShared", &isShared)
    }
}
