import MarketModel

/// The kinds of label, by the name a plan gives them.
package enum LabelCatalog {
    /// One kind: its name, how it is written, what it is.
    package struct Entry: Sendable {
        package var name: String
        package var form: String
        package var unit: String
        package var formula: String
        /// Makes a label from a horizon and named parameters, removing those it knows.
        let make: @Sendable (Horizon?, inout [String: String]) throws(BrokenRule) -> LabelDefinition
    }

    /// What a label must satisfy but does not.
    struct BrokenRule: Error {
        var expected: String
    }

    /// All kinds.
    package static let entries: [Entry] = [
        Entry(
            name: "log-return",
            form: "log-return:H",
            unit: "1",
            formula: "ln(p_exit / p_entry)",
            make: { (horizon, _) throws(BrokenRule) in
                LabelDefinition(.logReturn, horizon: try given(horizon))
            }
        ),
        Entry(
            name: "simple-return",
            form: "simple-return:H",
            unit: "1",
            formula: "p_exit / p_entry - 1",
            make: { (horizon, _) throws(BrokenRule) in
                LabelDefinition(.simpleReturn, horizon: try given(horizon))
            }
        ),
        Entry(
            name: "direction",
            form: "direction:H[:band=BPS]",
            unit: "-1, 0, +1",
            formula: "+1 if r > band, -1 if r < -band, else 0; r = (p_exit - p_entry) / p_entry * 10000",
            make: { (horizon, parameters) throws(BrokenRule) in
                let band = try points("band", &parameters) ?? .zero
                guard !band.isNegative else {
                    throw BrokenRule(expected: "a band of 0 basis points or more")
                }
                return LabelDefinition(.direction(band: band), horizon: try given(horizon))
            }
        ),
        Entry(
            name: "triple-barrier",
            form: "triple-barrier:H:up=BPS:down=BPS[:timeout=zero|sign]",
            unit: "-1, 0, +1",
            formula: "+1 at the first row after the entry with r >= up, -1 at the first with r <= -down; "
                + "neither up to the exit row: 0, or the sign of r there",
            make: tripleBarrier
        ),
        Entry(
            name: "return-sign",
            form: "return-sign",
            unit: "-1, 0, +1",
            formula: "sign of the row's price less that of the row before: contemporaneous, not a forecast",
            make: { (horizon, _) throws(BrokenRule) in
                guard horizon == nil else {
                    throw BrokenRule(expected: "no horizon: it looks at its own row")
                }
                return LabelDefinition(.returnSign, horizon: nil)
            }
        ),
    ]

    @Sendable private static func tripleBarrier(
        _ horizon: Horizon?,
        _ parameters: inout [String: String]
    ) throws(BrokenRule) -> LabelDefinition {
        let timeout = parameters.removeValue(forKey: "timeout") ?? "zero"
        guard timeout == "zero" || timeout == "sign" else {
            throw BrokenRule(expected: "a timeout of zero or sign, not '\(timeout)'")
        }
        guard let up = try points("up", &parameters), let down = try points("down", &parameters),
            up > .zero, down > .zero
        else { throw BrokenRule(expected: "up and down, both above 0 basis points") }
        let kind = LabelDefinition.Kind.tripleBarrier(up: up, down: down, timeoutSign: timeout == "sign")
        return LabelDefinition(kind, horizon: try given(horizon))
    }

    private static func given(_ horizon: Horizon?) throws(BrokenRule) -> Horizon {
        guard let horizon else {
            throw BrokenRule(expected: "a horizon behind the name, in rows (10) or time (5s)")
        }
        return horizon
    }

    /// Basis points as an exact decimal without trailing zeros.
    private static func points(
        _ name: String,
        _ parameters: inout [String: String]
    ) throws(BrokenRule) -> FixedDecimal? {
        guard let text = parameters.removeValue(forKey: name) else { return nil }
        let digits = text.hasSuffix("bps") ? String(text.dropLast(3)) : text
        guard var value = try? FixedDecimal(digits) else {
            throw BrokenRule(expected: "\(name) as a decimal number of basis points, not '\(text)'")
        }
        while value.scale > 0, value.mantissa % 10 == 0 {
            value = FixedDecimal(mantissa: value.mantissa / 10, scale: value.scale - 1)
        }
        return value
    }
}

extension LabelDefinition {
    /// Reads a label as plans write it, such as `direction:10:band=0.5`.
    public init(_ text: String) throws(DatasetError) { self = try LabelCatalog.parse(text) }
}

// Reading.
extension LabelCatalog {
    /// Reads a label: `direction:10:band=0.5`.
    package static func parse(_ text: String) throws(DatasetError) -> LabelDefinition {
        var words = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let name = words.removeFirst()
        guard let entry = entries.first(where: { $0.name == name }) else {
            let nearest = NearestName.near(name, among: entries.map(\.name))
            throw .unknownName(kind: "label", name: name, nearest: nearest)
        }
        do throws(BrokenRule) {
            let horizon = try horizon(&words)
            var parameters = try parameters(words)
            let label = try entry.make(horizon, &parameters)
            if let unknown = parameters.keys.min() {
                throw BrokenRule(expected: "no '\(unknown)'")
            }
            return label
        } catch {
            throw .badValue(key: "labels", found: text, expected: "\(error.expected) (\(entry.form))")
        }
    }

    private static func horizon(_ words: inout [String]) throws(BrokenRule) -> Horizon? {
        guard let first = words.first, !first.contains("=") else { return nil }
        words.removeFirst()
        guard let horizon = Horizon.parse(first) else {
            throw BrokenRule(
                expected: "a horizon of 1...1000000000 rows or a time above 0 such as 5s, not '\(first)'"
            )
        }
        return horizon
    }

    private static func parameters(_ words: [String]) throws(BrokenRule) -> [String: String] {
        var parameters: [String: String] = [:]
        for word in words {
            guard let sign = word.firstIndex(of: "=") else {
                throw BrokenRule(expected: "NAME=VALUE, not '\(word)'")
            }
            let name = String(word[..<sign])
            guard parameters[name] == nil else { throw BrokenRule(expected: "'\(name)' once") }
            parameters[name] = String(word[word.index(after: sign)...])
        }
        return parameters
    }

    /// The entry of a label's kind.
    package static func entry(of label: LabelDefinition) -> Entry? {
        entries.first { label.text == $0.name || label.text.hasPrefix($0.name + ":") }
    }
}
