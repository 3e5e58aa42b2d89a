import ByteCoding
import Exchanges
import MarketFiles
import Measurement
import Recording
import Replay
import Synchronizer

/// What was measured under one clock.
struct BenchResult {
    var clock: ClockMode
    var events = 0
    /// The events that the synchronizer was fed: those of a short recording again and again.
    var eventsFed = 0
    var rows = 0
    var eventsPerSecond = 0.0
    var p50 = 0.0
    var p99 = 0.0
    var peakBytes: UInt64 = 0
    var framesPerSecond = 0.0
    var stages = BenchStages()
}
