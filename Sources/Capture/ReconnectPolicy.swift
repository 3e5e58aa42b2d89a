/// When to reconnect: exponential waits with jitter, and a circuit breaker.
package struct ReconnectPolicy: Sendable, Equatable {
    /// The first wait, in nanoseconds.
    package var initialDelay: Int64 = 100_000_000
    /// The longest wait, in nanoseconds.
    package var maximumDelay: Int64 = 10_000_000_000
    /// The random share of each wait, 0…1.
    package var jitter = 0.5
    /// After this many consecutive failures the breaker opens.
    package var maximumAttempts = 10
    /// How long an open breaker waits before each probe, in nanoseconds.
    package var probeDelay: Int64 = 60_000_000_000
    /// A connection with data for this long is healthy: waits start over.
    package var healthyPeriod: Int64 = 30_000_000_000

    /// The default waits: 100 ms to 10 s.
    package init() {}

    /// The wait after `failures` consecutive failures (at least 1); `draw` is a random number in 0..<1.
    package func delay(after failures: Int, draw: Double) -> Int64 {
        guard failures < maximumAttempts else { return probeDelay }
        let doublings = min(failures - 1, 40)
        let full = min(Double(maximumDelay), Double(initialDelay) * Double(UInt64(1) << UInt64(doublings)))
        return Int64(full * (1 - min(max(jitter, 0), 1) * draw))
    }
}
