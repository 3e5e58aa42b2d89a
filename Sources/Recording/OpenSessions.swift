import MCAP

/// Tracks, during a merge, which files of each session still have frames.
public struct OpenSessions: Sendable {
    /// The session of each file, in source order.
    public let numbers: [Int]
    private var filesLeft: [Int]

    /// Starts before the first frame of files in source order; files without frames count for no session.
    public init(_ files: [SessionIdentity], hasFrames: [Bool]) {
        numbers = SessionIdentity.sessions(of: files)
        filesLeft = Array(repeating: 0, count: files.count)
        for (index, number) in numbers.enumerated() where hasFrames[index] { filesLeft[number] += 1 }
    }

    /// Marks a file as read to its end; returns whether its session has further files.
    public mutating func goesOn(behind file: Int) -> Bool {
        filesLeft[numbers[file]] -= 1
        return filesLeft[numbers[file]] > 0
    }
}
