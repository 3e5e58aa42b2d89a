import ArgumentParser
import Glibc
import MarketModel

/// Waits until a frame is due: a shell around the replay that its rows know nothing of.
struct ReplayPace {
    private let factor: Double
    private let started = ContinuousClock.now
    private var first: Int64?

    init(factor: Double) { self.factor = factor }

    /// Waits until the moment that stands for `time`, nanoseconds since the Unix epoch.
    mutating func wait(until time: Int64, _ interruption: Interruption) throws {
        let first = first ?? time
        self.first = first
        let due = Duration.seconds(Double(time - first) * 1e-9 / factor)
        while true {
            try interruption.check()
            let left = (due - (ContinuousClock.now - started)).seconds
            guard left > 0 else { return }
            // Short naps, so that Ctrl-C is heard.
            usleep(UInt32(min(left, 0.1) * 1e6))
        }
    }
}
