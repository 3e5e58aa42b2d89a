import Exchanges
import MarketModel

/// The hidden value of a symbol: informed orders move it, quotes follow it.
///
/// Volatility and order rate follow a mood with two memories, half a minute and a quarter of an hour, so
/// that calm and wild times cluster as on real markets. An order's sign moves it only as far as it
/// surprises: signs persist, and prices that followed them would be predictable. Sources: Lillo and Farmer,
/// "The long memory of the efficient market"; log-normal stochastic volatility.
struct FairPrice: Sendable {
    /// In ticks.
    private(set) var ticks: Double
    /// Multiplies the order rate; 1 in the long run.
    private(set) var activity = 1.0
    private var swing = 1.0
    private var quick: Double
    private var slow: Double
    private var moodTime: Int64
    /// The root mean square of a move, in ticks.
    private let scale: Double
    private let floor: Double

    /// The share of informed orders.
    private static let informed = 0.3
    private static let quickSpread = 0.6
    private static let slowSpread = 0.45
    private static let quickMemory = 30e9
    private static let slowMemory = 900e9
    private static let moodStep = 250 * UnixTime.millisecond
    private static let secondsPerYear = 31_557_600.0

    init(_ profile: SymbolProfile, start: Int64, random: inout SimulationRandom) {
        ticks = Double(profile.startTicks) - 0.5
        floor = ticks / 4
        let variance = profile.volatility * profile.volatility / Self.secondsPerYear
        let moves = profile.tradeRate * Self.informed
        scale = Double(profile.startTicks) * (variance / moves).squareRoot()
        quick = Self.quickSpread * random.normal()
        slow = Self.slowSpread * random.normal()
        moodTime = start
        feel()
    }

    /// Advances the mood with time.
    mutating func age(to time: Int64, _ random: inout SimulationRandom) {
        let elapsed = time - moodTime
        guard elapsed >= Self.moodStep else { return }
        moodTime = time
        Self.revert(&quick, PortableMath.decay(Double(elapsed) / Self.quickMemory), Self.quickSpread, &random)
        Self.revert(&slow, PortableMath.decay(Double(elapsed) / Self.slowMemory), Self.slowSpread, &random)
        feel()
    }

    /// The exact step of a mean-reverting process.
    private static func revert(
        _ level: inout Double,
        _ fade: Double,
        _ spread: Double,
        _ random: inout SimulationRandom
    ) {
        level = level * fade + spread * (1 - fade * fade).squareRoot() * random.normal()
    }

    private mutating func feel() {
        let variance = Self.quickSpread * Self.quickSpread + Self.slowSpread * Self.slowSpread
        // The mean of e^(kx) is e^(k²σ²/2): subtracted, so that rates and variance keep their means.
        swing = PortableMath.exponential(quick + slow - variance)
        activity = PortableMath.exponential(0.6 * (quick + slow) - 0.18 * variance)
    }

    /// An order arrives; returns whether it was informed.
    ///
    /// `surprise` is its sign minus the expected one, `size` its size as a normal draw.
    mutating func learn(surprise: Double, size: Double, _ random: inout SimulationRandom) -> Bool {
        guard random.chance(Self.informed) else { return false }
        // Larger orders move more; the mean square of the factor is 1.
        let factor = PortableMath.exponential(0.5 * size - 0.25)
        let move = scale * swing * surprise * factor
        ticks += ticks < floor ? abs(move) : move
        return true
    }
}
