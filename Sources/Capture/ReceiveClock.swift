/// Receive times: boot-time monotonic, anchored to wall time at the start, never stepping back.
///
/// It follows wall time by running up to 500 ppm faster or slower. An offset of more than a second is not
/// slewed but corrected by ``rebase()``, at a rotation and forward only. All times are in nanoseconds.
package struct ReceiveClock: Sendable, Equatable {
    /// The largest change of rate, in parts per million.
    package static let maximumSlew: Int64 = 500
    /// An offset beyond this waits for ``rebase()``.
    package static let stepLimit: Int64 = 1_000_000_000

    private var anchorWall: Int64
    private var anchorMonotonic: Int64
    /// Parts per million, −500…500.
    private var slew: Int64 = 0
    private var last: Int64
    /// How far wall time was ahead at the last comparison, if too far to slew.
    package private(set) var pendingStep: Int64 = 0

    /// Anchors the clock.
    package init(wall: Int64, monotonic: Int64) {
        anchorWall = wall
        anchorMonotonic = monotonic
        last = wall
    }

    /// The time of a monotonic reading; never less than an earlier result.
    package mutating func time(at monotonic: Int64) -> Int64 {
        last = max(last, reading(at: monotonic))
        return last
    }

    private func reading(at monotonic: Int64) -> Int64 {
        let passed = max(0, monotonic &- anchorMonotonic)
        // Divided first: passed · 500 overflows after seven months.
        return anchorWall &+ passed &+ passed / 1_000_000 * slew
    }

    /// Compares with wall time and sets the rate that removes the offset within `horizon`.
    ///
    /// Returns how far wall time is ahead.
    @discardableResult
    package mutating func follow(wall: Int64, monotonic: Int64, horizon: Int64 = 60_000_000_000) -> Int64 {
        let now = reading(at: monotonic)
        anchorWall = now
        anchorMonotonic = max(monotonic, anchorMonotonic)
        let offset = wall &- now
        guard abs(offset) <= Self.stepLimit else {
            (pendingStep, slew) = (offset, 0)
            return offset
        }
        pendingStep = 0
        slew = min(max(offset / max(1, horizon / 1_000_000), -Self.maximumSlew), Self.maximumSlew)
        return offset
    }

    /// Steps forward by an offset too large to slew; returns the step, 0 if there was none.
    package mutating func rebase() -> Int64 {
        let step = max(0, pendingStep)
        anchorWall &+= step
        pendingStep = 0
        return step
    }
}
