/// A fault at a frame (of all frames served) or a connection, by count or by time.
public struct ServedFault: Sendable, Equatable {
    /// The kind.
    public enum Kind: String, Sendable, CaseIterable {
        /// The frame is not sent.
        case drop
        /// The frame is sent twice.
        case duplicate
        /// A byte in the frame's middle is changed.
        case corrupt
        /// Nothing more is sent on this connection, which stays open.
        case stall
        /// The connection is closed, with a code.
        case close
        /// The venue says that it will close the connection, and does after so many seconds.
        case shutdown
        /// The connection is refused; counts connections, not frames.
        case refuse
        /// The reply to a REST request comes late, after so many seconds; like the following counts such
        /// requests, other than for definitions.
        case late
        /// A seed is older than all that its client can have.
        case old
        /// A seed is that from before the first change, as if asked for before any came.
        case early
        /// A seed has a bid that crosses all asks.
        case wrong
        /// A REST request is answered 500.
        case fail
        /// A REST request is answered 429, with the seconds to wait in `Retry-After`.
        case busy
        /// A REST request is answered 418, with the seconds to wait in `Retry-After`.
        case ban

        /// Whether it counts REST requests.
        var isOfRequests: Bool { self == .fail || isOfSeeds || takesSeconds && self != .shutdown }
        /// Whether it changes what a seed says.
        var isOfSeeds: Bool { self == .old || self == .early || self == .wrong }
        /// Whether the number behind the colon is of seconds.
        var takesSeconds: Bool { [.shutdown, .late, .busy, .ban].contains(self) }
    }

    /// The trigger.
    public enum Moment: Sendable, Equatable {
        /// At this count, from 1.
        case count(UInt64)
        /// At the first frame this long after the source's first one, by recorded time, so that the speed
        /// does not matter; for a connection, this long after serving began. Nanoseconds.
        case time(Int64)
    }

    /// The kind.
    public let kind: Kind
    /// The trigger.
    public let moment: Moment
    /// Whether it repeats at every multiple.
    public let repeats: Bool
    /// The code of a close.
    public let code: UInt16
    /// How long a reply is late, the client is to wait, or lies between word and close.
    public let seconds: UInt16

    /// Parses `close@500`, `close@500:1012`, `busy@2:5` (five seconds), `drop/100` (every hundredth), `stall@30s`, `close/90s` (every
    /// 90 seconds); nil if invalid.
    public init?(_ text: String) {
        let mark: Character = text.contains("@") ? "@" : "/"
        let parts = text.split(separator: mark, maxSplits: 1)
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])) else { return nil }
        let numbers = parts[1].split(separator: ":", maxSplits: 1)
        guard let first = numbers.first, let moment = ServedFault.moment(first) else { return nil }
        var (code, seconds): (UInt16, UInt16) = (1012, 1)
        if numbers.count == 2 {
            guard let given = UInt16(numbers[1]) else { return nil }
            if kind == .close, (1000...4999).contains(given) {
                code = given
            } else if kind.takesSeconds, given > 0 {
                seconds = given
            } else {
                return nil
            }
        }
        (self.kind, self.moment, repeats) = (kind, moment, mark == "/")
        (self.code, self.seconds) = (code, seconds)
    }

    private static func moment(_ text: Substring) -> Moment? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = UInt64(digits), number > 0 else { return nil }
        let units: [String: Int64] = [
            "ms": 1_000_000, "s": 1_000_000_000, "min": 60_000_000_000, "h": 3_600_000_000_000,
        ]
        let unit = String(text.dropFirst(digits.count))
        if unit.isEmpty { return .count(number) }
        guard let length = units[unit], number <= UInt64(Int64.max / length) else { return nil }
        return .time(Int64(number) * length)
    }
}
