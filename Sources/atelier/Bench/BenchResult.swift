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
    /// Frames/s of whole replays by their number of threads, from one on.
    var replays: [(threads: Int, framesPerSecond: Double)] = []
    /// Frames/s of reading the recording alone, on one thread: no replay on one can be faster.
    var bound = 0.0
    var stages = BenchStages()

    /// Frames/s of a whole replay on one thread.
    var framesPerSecond: Double { replays.first?.framesPerSecond ?? 0 }

    /// The share of the bound that a replay on one thread reaches, 0 to 1.
    var share: Double { bound > 0 ? framesPerSecond / bound : 0 }
}
