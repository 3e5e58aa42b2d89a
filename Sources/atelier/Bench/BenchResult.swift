import ByteCoding
import Exchanges
import MarketFiles
import Measurement
import Recording
import Replay
import Synchronizer

/// The results under one clock.
struct BenchResult {
    var clock: ClockMode
    var events = 0
    /// The events fed to the synchronizer: those of a short recording repeatedly.
    var eventsFed = 0
    var rows = 0
    var eventsPerSecond = 0.0
    var p50 = 0.0
    var p99 = 0.0
    var peakBytes: UInt64 = 0
    var framesPerSecond = 0.0
    var stages = BenchStages()
}
