/// The resolution of a time or timestamp.
public enum TimeUnit: Sendable, Hashable {
    /// 10⁻³ s.
    case milliseconds
    /// 10⁻⁶ s.
    case microseconds
    /// 10⁻⁹ s.
    case nanoseconds
}

extension TimeUnit {
    var name: String {
        switch self {
        case .milliseconds: "MILLIS"
        case .microseconds: "MICROS"
        case .nanoseconds: "NANOS"
        }
    }
}
