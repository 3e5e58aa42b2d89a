/// What an audit or a verification found.
public struct AuditReport: Equatable, Sendable {
    /// One question and its answer.
    public struct Check: Equatable, Sendable {
        /// What was asked.
        public var name: String
        /// Whether the check passed.
        public var isOK: Bool
        /// What was compared, or the first difference.
        public var detail: String

        /// Makes a check.
        public init(name: String, isOK: Bool, detail: String) {
            self.name = name
            self.isOK = isOK
            self.detail = detail
        }
    }

    /// The checks in order.
    public var checks: [Check] = []

    /// A report without checks.
    public init() {}

    /// Whether every check held.
    public var isOK: Bool { checks.allSatisfy(\.isOK) }

    /// `{"ok","checks":[{"name","ok","detail"}]}`.
    package var json: OrderedJSON {
        .object([
            ("ok", .bool(isOK)),
            (
                "checks",
                .array(
                    checks.map {
                        .object([
                            ("name", .string($0.name)), ("ok", .bool($0.isOK)),
                            ("detail", .string($0.detail)),
                        ])
                    }
                )
            ),
        ])
    }
}
