/// The keyframe at which a replay began.
public struct KeyframeStart: Equatable, Sendable {
    /// The file of keyframes.
    public var path: String
    /// The receive time of the last frame that it takes in: nanoseconds since the Unix epoch.
    public var time: Int64
    /// The receive time of the next message, the first that was read; nil if there was none.
    public var nextTime: Int64?
    /// The frames received before it, which were not read.
    public var frames: Int
    /// The gaps of books that are open there.
    var gaps: [KeyframeGap] = []
}
