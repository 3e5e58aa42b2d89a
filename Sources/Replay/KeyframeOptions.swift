/// How keyframes are made.
public struct KeyframeOptions: Sendable {
    /// The receive time between two keyframes, nanoseconds: one stands before the first frame at or after each multiple
    /// of it since the Unix epoch, and one at the end of each file.
    public var interval: Int64 = 300_000_000_000
    /// The folder of the files; nil = beside each recording.
    public var folder: String?
    /// Whether files that fit are made again too.
    public var replaces = false
    /// The program's version, written into the files.
    public var version = ""

    /// Keyframes every five minutes, beside the recordings.
    public init() {}
}
