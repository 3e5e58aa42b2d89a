/// Frames of a stretch of time.
package struct FrameBucket: SeriesBucket, Equatable {
    /// Frames received.
    package var frames = 0
    /// Disconnects, stalls and drops.
    package var breaks = 0

    /// A histogram without ages.
    package init() {}

    /// Merges the following stretch of time.
    package mutating func merge(_ later: FrameBucket) {
        frames += later.frames
        breaks += later.breaks
    }
}
