import MarketModel

/// The fields of one ticker message: of a key given twice the last value.
///
/// An empty text or `null` says nothing, like an absent field: dated contracts have no funding. Of the next
/// settlement's time and the interval it says that there is none.
struct BybitTickerFields {
    /// The fields that are read; the lengths of their keys, which differ, tell them apart.
    enum Field: Int {
        case markPrice = 9
        case rate = 11
        case openInterest = 12
        case nextFundingTime = 15
        case openInterestValue = 17
        case intervalHours = 19

        /// A bit of its own.
        var bit: UInt32 { 1 &<< UInt32(truncatingIfNeeded: rawValue) }
    }

    static let feeds = FeedKinds.fundingRates.union(.openInterest)

    private(set) var rate = FixedDecimal.zero
    private(set) var nextFundingTime: Int64 = 0
    private(set) var intervalHours = FixedDecimal.zero
    private(set) var openInterest = FixedDecimal.zero
    private(set) var openInterestValue = FixedDecimal.zero
    private(set) var markPrice = FixedDecimal.zero
    private var given: UInt32 = 0
    private var malformed: UInt32 = 0

    var areMalformed: Bool { malformed != 0 }
    var areEmpty: Bool { given == 0 }
    var concernFunding: Bool {
        given & (Field.rate.bit | Field.nextFundingTime.bit | Field.intervalHours.bit) != 0
    }
    var concernInterest: Bool { given & (Field.openInterest.bit | Field.openInterestValue.bit) != 0 }

    func has(_ field: Field) -> Bool { given & field.bit != 0 }

    /// Reads the value of a key.
    @inline(__always)
    mutating func read(_ key: FastName, _ reader: inout some MemberReader) {
        guard let field = BybitTickerFields.field(key) else {
            // Said twice, the last symbol holds: it may be another.
            if key.isText("symbol") { reader.giveUp() }
            reader.skipValue(of: key)
            return
        }
        given &= ~field.bit
        malformed &= ~field.bit
        let number: FixedDecimal
        switch reader.decimal() {
        case .value(let value): number = value
        case .absent:
            guard field == .nextFundingTime || field == .intervalHours else { return }
            number = .zero
        case .malformed:
            malformed |= field.bit
            return
        }
        set(field, number)
    }

    @inline(__always)
    private mutating func set(_ field: Field, _ number: FixedDecimal) {
        guard field == .rate || !number.isNegative else {
            malformed |= field.bit
            return
        }
        switch field {
        case .markPrice: markPrice = number
        case .rate: rate = number
        case .openInterest: openInterest = number
        case .openInterestValue: openInterestValue = number
        case .intervalHours: intervalHours = number
        case .nextFundingTime:
            guard let time = number.mantissa(atScale: 6) else {
                malformed |= field.bit
                return
            }
            nextFundingTime = time
        }
        given |= field.bit
    }

    @inline(__always)
    private static func field(_ key: FastName) -> Field? {
        switch key.count {
        case 9: key.isText("markPrice") ? .markPrice : nil
        case 11: key.isText("fundingRate") ? .rate : nil
        case 12: key.isText("openInterest") ? .openInterest : nil
        case 15: key.isText("nextFundingTime") ? .nextFundingTime : nil
        case 17: key.isText("openInterestValue") ? .openInterestValue : nil
        case 19: key.isText("fundingIntervalHour") ? .intervalHours : nil
        default: nil
        }
    }
}
