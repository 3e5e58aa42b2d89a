/// The keyframes of a recording after ``KeyframeMaker`` looked at it.
public struct MadeKeyframes: Equatable, Sendable {
    /// The recording.
    public var recording: String
    /// The file of its keyframes.
    public var path: String
    /// How many there are; 0 if the recording can have none.
    public var count = 0
    /// The bytes of the file.
    public var size: UInt64 = 0
    /// Whether the file was there and fits, so that it was kept.
    public var wasKept = false
    /// Why the recording, and those behind it in its session, can have no keyframes; nil if it has.
    public var problem: String?
}
