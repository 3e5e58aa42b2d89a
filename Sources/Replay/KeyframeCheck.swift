import ByteCoding
import Glibc
import Recording

/// Whether files of keyframes beside recordings are right: their digests, the recordings they are of, and the chain from
/// file to file.
public struct KeyframeCheck: Equatable, Sendable {
    /// What is wrong with a file of keyframes.
    public struct Problem: Equatable, Sendable {
        /// The file of keyframes.
        public var file: String
        /// What is wrong.
        public var what: String
    }

    /// What is wrong, in the order of the recordings.
    public private(set) var problems: [Problem] = []
    /// How many keyframes are right.
    public private(set) var count = 0
    /// The last root of each session's file before, and the marks of its files so far; by the session's start.
    private var chains: [String: (root: String?, marks: [String])] = [:]

    /// Checks nothing so far.
    public init() {}

    /// Compares all but the chains.
    public static func == (left: Self, right: Self) -> Bool {
        (left.problems, left.count) == (right.problems, right.count)
    }

    /// Checks the keyframes beside a recording, if there are any; files of a session come in their order.
    ///
    /// Costs two readings of the file of keyframes, and one of the recording's index.
    public mutating func add(recording: String) {
        let path = KeyframeFile.path(of: recording)
        guard access(path, F_OK) == 0 else { return }
        do throws(RecordingError) {
            let file = try KeyframeFile(path: path)
            guard let mark = RecordingMark(path: recording), file.isOf(mark) else {
                problems.append(
                    Problem(file: path, what: "of another recording, or of this one before it changed")
                )
                return
            }
            var container = RecordingCheck()
            try container.add(path: path)
            if let first = container.problems.first {
                problems.append(Problem(file: path, what: "byte \(first.offset): \(first.what)"))
                return
            }
            try file.check()
            count += file.keyframes.count
            follow(file, mark)
        } catch {
            problems.append(Problem(file: path, what: "\(error)"))
        }
    }

    /// Compares what the file follows with the one before, if all before it were checked.
    private mutating func follow(_ file: KeyframeFile, _ mark: RecordingMark) {
        let session = file.facts["session_start_ns"] ?? ""
        var chain = chains[session] ?? ("", [])
        chain.marks.append("\(mark.text)\n")
        let marks = chain.marks.joined()
        let isNext = file.facts["files"] == Hexadecimal.text(SHA256.digest(of: marks))
        if isNext, let root = chain.root, file.facts["after"] != root {
            problems.append(
                Problem(file: file.path, what: "it does not follow the keyframes of the file before")
            )
        }
        chain.root = file.keyframes.last?.root ?? chain.root
        chains[session] = chain
    }
}
