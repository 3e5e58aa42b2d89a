import MarketModel

/// Frames received over time.
package struct FrameTally: Sendable {
    /// The frames.
    package private(set) var series: TimeSeries<FrameBucket>

    /// No frames.
    package init(limit: Int) {
        // A power of two divides a second, so that widths from a second on are whole.
        series = TimeSeries(width: UnixTime.second / 512, limit: limit)
    }

    /// Counts a frame, nanoseconds since the Unix epoch.
    package mutating func add(at time: Int64) { series.update(at: time) { $0.frames += 1 } }

    /// Counts a disconnect, a stall or a drop.
    package mutating func addBreak(at time: Int64) { series.update(at: time) { $0.breaks += 1 } }
}
