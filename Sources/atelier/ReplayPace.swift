import ArgumentParser
import Glibc
import MarketModel

/// Delays frames until they are due; rows do not depend on it.
struct ReplayPace {
    private let factor: Double
    private let started = ContinuousClock.now
    private var first: Int64?

    init(factor: Double) { self.factor = factor }

    /// Waits until `time` (nanoseconds since the Unix epoch) is due.
    mutating func wait(until time: Int64, _ interruption: Interruption) throws {
        let first = first ?? time
        self.first = first
        let due = Duration.seconds(Double(time - first) * 1e-9 / factor)
        while true {
            try interruption.check()
            let left = (due - (ContinuousClock.now - started)).seconds
            guard left > 0 else { return }
            // Short naps, so that Ctrl-C is noticed.
            usleep(UInt32(min(left, 0.1) * 1e6))
        }
    }
}
