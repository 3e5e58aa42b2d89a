import Dataset
import MarketModel

/// Random numbers from a seed; a failing test prints it.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

extension SeededRandom {
    /// A path of an instrument: grid or events, delays, gaps, jumps, missing prices.
    mutating func path(_ count: Int) -> [PathRow] {
        let faults = chance(50) ? 0 : 6
        let repeats = chance(30)
        var ts: Int64 = 1_000
        var available: Int64 = 0
        var price: Int64 = 1000
        var rows: [PathRow] = []
        for number in 0..<count {
            let jump = number > 0 && faults > 0 && chance(2)
            ts += jump ? 5_000 : repeats && chance(30) ? 0 : 100
            available = max(available, ts + (chance(60) ? 0 : Int64.random(in: 0...450, using: &self)))
            price += Int64.random(in: -3...3, using: &self)
            rows.append(
                PathRow(
                    ts: ts,
                    available: available,
                    price: chance(faults) ? nil : mid(price),
                    isBroken: chance(faults),
                    startsAnew: jump
                )
            )
        }
        return rows
    }

    /// The same price with other spreads and other numbers of digits.
    private mutating func mid(_ price: Int64) -> ExactPrice? {
        let half = Int64.random(in: 1...9, using: &self)
        let bid = FixedDecimal(mantissa: price * 10 - half, scale: 1)
        return chance(50)
            ? ExactPrice(bid: bid, ask: FixedDecimal(mantissa: price * 10 + half, scale: 1))
            : ExactPrice(bid: bid, ask: FixedDecimal(mantissa: price * 1000 + half * 100, scale: 3))
    }
}
