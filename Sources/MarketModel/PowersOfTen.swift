/// Exact powers of ten by table.
public enum PowersOfTen {
    @usableFromInline
    static let integers: [Int64] = {
        var powers: [Int64] = [1]
        for _ in 1...18 { powers.append((powers.last ?? 1) * 10) }
        return powers
    }()

    @usableFromInline
    static let doubles: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
        1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    /// `10^exponent` for exponents 0…18.
    @inlinable
    public static func int64(_ exponent: Int) -> Int64 { integers[exponent] }

    /// `10^exponent` for exponents 0…22, all exact in a double.
    @inlinable
    public static func double(_ exponent: Int) -> Double { doubles[exponent] }
}
