import MCAP

/// Which files of each session are still to be read to their end, while recordings are merged.
public struct OpenSessions: Sendable {
    /// The session of each file, by its place in source order.
    public let numbers: [Int]
    private var filesLeft: [Int]

    /// Begins before the first frame of files in source order; one without frames is no part of anything.
    public init(_ files: [SessionIdentity], hasFrames: [Bool]) {
        numbers = SessionIdentity.sessions(of: files)
        filesLeft = Array(repeating: 0, count: files.count)
        for (index, number) in numbers.enumerated() where hasFrames[index] { filesLeft[number] += 1 }
    }

    /// Notes that the last frame of a file was read; whether its session has other files to come.
    public mutating func goesOn(behind file: Int) -> Bool {
        filesLeft[numbers[file]] -= 1
        return filesLeft[numbers[file]] > 0
    }
}
