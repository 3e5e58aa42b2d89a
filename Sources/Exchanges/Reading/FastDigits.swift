/// Digits eight at a time in one register (SWAR).
///
/// The multiplications that join digits follow Daniel Lemire, "Quickly parsing eight digits" (2018).
enum FastDigits {
    static let zeros: UInt64 = 0x3030_3030_3030_3030

    /// A set high bit for each byte of `word ^ zeros` that is no digit.
    ///
    /// Exact up to and including the first such byte, which is all that is asked of it: a carry only
    /// reaches later bytes.
    @inline(__always)
    static func strangers(_ digits: UInt64) -> UInt64 {
        ((digits &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080
    }

    /// The index of the first byte marked, 8 if none is.
    @inline(__always)
    static func first(_ marks: UInt64) -> Int { marks.trailingZeroBitCount &>> 3 }

    /// The number that eight digit values spell, the first in the lowest byte.
    @inline(__always)
    static func value(_ digits: UInt64) -> UInt64 {
        let pairs = (digits &* 10) &+ (digits &>> 8)
        let low = (pairs & 0x0000_00ff_0000_00ff) &* 0x000f_4240_0000_0064
        let high = ((pairs &>> 16) & 0x0000_00ff_0000_00ff) &* 0x0000_2710_0000_0001
        return (low &+ high) &>> 32
    }

    /// The number that the first `count` digit values spell, 1…8; what follows them does not matter.
    @inline(__always)
    static func value(_ digits: UInt64, count: Int) -> UInt64 {
        // Zeros move in before the first digit.
        value(digits &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count))
    }

    /// The eight digit values of a number below 10^8, the first in the lowest byte: the way back.
    @inline(__always)
    static func digits(of number: UInt64) -> UInt64 {
        // Two halves of four digits, four pairs of two, eight of one; divisions by multiplying.
        let fours = number / 10_000 | (number % 10_000) &<< 32
        let hundreds = ((fours &* 10_486) &>> 20) & 0x0000_007f_0000_007f
        let pairs = hundreds | (fours &- 100 &* hundreds) &<< 16
        let tens = ((pairs &* 103) &>> 10) & 0x000f_000f_000f_000f
        return tens | (pairs &- 10 &* tens) &<< 8
    }

    /// 10 to the power of 0…8; the compiler makes a table of it.
    @inline(__always)
    static func power(_ exponent: Int) -> UInt64 {
        switch exponent {
        case 0: return 1
        case 1: return 10
        case 2: return 100
        case 3: return 1000
        case 4: return 10_000
        case 5: return 100_000
        case 6: return 1_000_000
        case 7: return 10_000_000
        default: return 100_000_000
        }
    }
}
