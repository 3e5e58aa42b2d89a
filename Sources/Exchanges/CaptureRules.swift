public import MarketModel

/// What a recorder must know of an exchange beside its decoder.
public struct CaptureRules: Sendable {
    /// How a book that went wrong gets its next snapshot.
    public enum Recovery: Sendable {
        /// Its topic is unsubscribed and subscribed again.
        case resubscribe
        /// The connection is closed and opened again.
        case reconnect
    }

    /// How a book that went wrong gets its next snapshot.
    public var recovery: Recovery
    /// The most bytes of subscription requests on one connection; nil where the venue sets no limit.
    public var requestLimit: Int?
    /// Whether the trades of a symbol are numbered without holes, so that a hole tells how many were missed.
    public var numbersTrades: Bool
    /// A text the venue wants now and then, and how often in nanoseconds; nil where it wants none.
    public var ping: (text: String, interval: Int64)?

    /// Makes rules.
    public init(
        recovery: Recovery = .resubscribe,
        requestLimit: Int? = nil,
        numbersTrades: Bool = false,
        ping: (text: String, interval: Int64)? = nil
    ) {
        self.recovery = recovery
        self.requestLimit = requestLimit
        self.numbersTrades = numbersTrades
        self.ping = ping
    }
}

extension Exchange {
    /// The frames to send that end `subscriptions`, in order, within the venue's limits.
    public func endRequests(for subscriptions: [Subscription], market: Market) -> [String] {
        // All venues name the operation in a string of its own, and no symbol is called that.
        requests(for: subscriptions, market: market).map { request in
            request.split(separator: "\"subscribe\"", omittingEmptySubsequences: false)
                .joined(separator: "\"unsubscribe\"")
        }
    }

    /// Why the venue refused a request, if the frame says so; nil for all other frames.
    ///
    /// Bybit and Kraken: `success` is false; Coinbase: `type` is `error`.
    public func rejection(in frame: RawSpan) -> String? {
        guard frame.byteCount <= 16 << 10, JSONValidator.isValid(frame) else { return nil }
        let root = JSONValue.root(of: frame)
        if let success = root.member("success", in: frame), success.kind(in: frame) == .bool,
            !success.isTrue(in: frame)
        {
            return text(root.member("ret_msg", in: frame) ?? root.member("error", in: frame), frame)
        }
        if let type = root.member("type", in: frame), type.isString("error", in: frame) {
            return text(root.member("message", in: frame) ?? root.member("reason", in: frame), frame)
        }
        return nil
    }

    private func text(_ value: JSONValue?, _ frame: RawSpan) -> String {
        value.flatMap { value in
            JSONString.withBytes(of: value, in: frame) { bytes in
                bytes.withUnsafeBytes { String(decoding: $0.prefix(400), as: UTF8.self) }
            }
        } ?? "no reason given"
    }
}
