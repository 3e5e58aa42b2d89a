/// An exact decimal number as a venue sent it: `mantissa · 10^(-scale)`.
///
/// `scale` is the number of fraction digits on the wire, so that trailing zeros survive: `"5.00"` is
/// mantissa 500, scale 2, and equals `"5.0"`.
///
/// Zeros that 64 bits do not hold are counted in ``zeros``. Nothing is rounded before ``doubleValue``,
/// where features begin.
@frozen
public struct FixedDecimal: Sendable {
    /// The digits as one signed integer.
    public var mantissa: Int64
    /// How many of the digits are after the decimal point, 0…``maximumScale``.
    public var scale: UInt8
    /// How many zeros followed these digits on the wire but did not fit.
    ///
    /// 0 except for texts such as `1000000000000.00000000`. They do not change the value.
    public var zeros: UInt8

    /// The largest scale; a finer number is ``DecimalError/overflow``.
    public static let maximumScale: UInt8 = 36
    /// Zero, scale 0.
    @inlinable
    public static var zero: FixedDecimal { FixedDecimal(mantissa: 0, scale: 0) }

    /// Makes a decimal from its parts; `scale` is at most ``maximumScale``.
    @inlinable
    public init(mantissa: Int64, scale: UInt8, zeros: UInt8 = 0) {
        self.mantissa = mantissa
        self.scale = scale
        self.zeros = zeros
    }

    /// Whether the value is zero, whatever its scale ("0.00000000" is).
    @inlinable
    public var isZero: Bool { mantissa == 0 }

    /// Whether the value is below zero.
    @inlinable
    public var isNegative: Bool { mantissa < 0 }

    /// The value without its sign.
    @inlinable
    public var magnitude: FixedDecimal {
        FixedDecimal(mantissa: mantissa < 0 ? 0 &- mantissa : mantissa, scale: scale, zeros: zeros)
    }

    /// The double nearest to the exact value (ties to even).
    @inlinable
    public var doubleValue: Double {
        // Exact operands and one correctly rounded division.
        if mantissa.magnitude <= 1 << 53, scale <= 22 {
            return Double(mantissa) / PowersOfTen.double(Int(scale))
        }
        return wideDoubleValue
    }

    @usableFromInline
    var wideDoubleValue: Double { Double("\(mantissa)e-\(scale)") ?? .nan }

    /// The mantissa at another scale, or nil if digits would be lost or 64 bits do not hold it.
    @inlinable
    public func mantissa(atScale other: UInt8) -> Int64? {
        if other == scale { return mantissa }
        guard other > scale else { return narrowedMantissa(atScale: other) }
        guard other - scale <= 18 else { return mantissa == 0 ? 0 : nil }
        let (product, overflow) = mantissa.multipliedReportingOverflow(
            by: PowersOfTen.int64(Int(other - scale))
        )
        return overflow ? nil : product
    }

    @usableFromInline
    func narrowedMantissa(atScale other: UInt8) -> Int64? {
        guard mantissa != 0 else { return 0 }
        guard scale - other <= 18 else { return nil }
        let (quotient, remainder) = mantissa.quotientAndRemainder(
            dividingBy: PowersOfTen.int64(Int(scale - other))
        )
        return remainder == 0 ? quotient : nil
    }
}

extension FixedDecimal: Comparable, Hashable {
    /// Compares values; the scale does not matter.
    @inlinable
    public static func == (left: FixedDecimal, right: FixedDecimal) -> Bool {
        if left.scale == right.scale { return left.mantissa == right.mantissa }
        return compare(left, right) == 0
    }

    /// Orders by value; the scale does not matter.
    @inlinable
    public static func < (left: FixedDecimal, right: FixedDecimal) -> Bool {
        if left.scale == right.scale { return left.mantissa < right.mantissa }
        return compare(left, right) < 0
    }

    /// Hashes the value: equal values of different scales hash alike.
    public func hash(into hasher: inout Hasher) {
        var (mantissa, scale) = (mantissa, scale)
        while scale > 0, mantissa % 10 == 0 {
            mantissa /= 10
            scale -= 1
        }
        hasher.combine(mantissa)
        hasher.combine(mantissa == 0 ? 0 : scale)
    }

    @usableFromInline
    static func compare(_ left: FixedDecimal, _ right: FixedDecimal) -> Int {
        if left.mantissa.signum() != right.mantissa.signum() {
            return left.mantissa.signum() < right.mantissa.signum() ? -1 : 1
        }
        // 10^18 · 2^63 < 2^127, so one step of 18 digits cannot overflow Int128.
        let difference = Int(left.scale) - Int(right.scale)
        if abs(difference) > 18 {
            let finer = difference > 0 ? left : right
            let coarser = difference > 0 ? right : left
            guard coarser.mantissa != 0 else { return 0 }
            // |coarser| ≥ 10^19 units of the finer scale > any Int64: the coarser is larger in magnitude.
            _ = finer
            let coarserIsRight = difference > 0
            let positive = coarser.mantissa > 0
            return coarserIsRight == positive ? -1 : 1
        }
        let a = Int128(left.mantissa) * (difference < 0 ? Int128(PowersOfTen.int64(-difference)) : 1)
        let b = Int128(right.mantissa) * (difference > 0 ? Int128(PowersOfTen.int64(difference)) : 1)
        return a < b ? -1 : (a == b ? 0 : 1)
    }
}

extension FixedDecimal: CustomStringConvertible {
    /// The number in plain notation with all its fraction digits: mantissa 500, scale 2 is `5.00`.
    public var description: String {
        let left = zeros > 0 ? (scale > 0 ? "" : ".") + String(repeating: "0", count: Int(zeros)) : ""
        guard scale > 0 else { return String(mantissa) + left }
        var digits = String(mantissa.magnitude)
        if digits.utf8.count <= Int(scale) {
            digits = String(repeating: "0", count: Int(scale) + 1 - digits.utf8.count) + digits
        }
        let point = digits.index(digits.endIndex, offsetBy: -Int(scale))
        return (mantissa < 0 ? "-" : "") + digits[..<point] + "." + digits[point...] + left
    }
}
