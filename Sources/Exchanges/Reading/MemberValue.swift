import MarketModel

/// What became of a member that may be missing.
enum MemberValue<Value> {
    case value(Value)
    case absent
    case malformed

    /// The value; nil if there is none.
    var value: Value? {
        if case .value(let value) = self { value } else { nil }
    }

    var isMalformed: Bool {
        if case .malformed = self { true } else { false }
    }
}

extension MemberValue<FixedDecimal> {
    /// Whether it is not negative, or absent.
    var isMagnitude: Bool { !isMalformed && value?.isNegative != true }
}
