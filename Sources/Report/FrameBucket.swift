/// Frames of a stretch of time.
package struct FrameBucket: SeriesBucket, Equatable {
    /// Frames received.
    package var frames = 0
    /// Disconnects, stalls and drops.
    package var breaks = 0

    /// None.
    package init() {}

    /// Takes in the stretch that follows.
    package mutating func merge(_ later: FrameBucket) {
        frames += later.frames
        breaks += later.breaks
    }
}
