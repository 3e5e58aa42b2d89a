import MarketModel
public import Recording
import Synchronizer

/// The part of one recording that a replay read.
public struct ReplayedRecording: Sendable {
    /// The file's path, `-` for standard input.
    public var path: String
    /// Its contents as far as they were read; nil if the slice ended before its first frame.
    public var contents: RecordingSummary?
    /// Whether its last frame was read; false if the slice ended first.
    public var isReadToEnd: Bool
}
