import MarketModel

/// The kinds of label, by the name a plan gives them.
package enum LabelCatalog {
    /// One kind: its name, how it is written, what it is.
    package struct Entry: Sendable {
        package var name: String
        package var form: String
        package var unit: String
        package var formula: String
        /// Makes a label of a horizon and named parameters; nil where one is missing or makes no sense.
        let make: @Sendable (Horizon?, inout [String: String]) -> LabelDefinition?
    }

    /// All kinds.
    package static let entries: [Entry] = [
        Entry(
            name: "log-return",
            form: "log-return:H",
            unit: "1",
            formula: "ln(p_exit / p_entry)",
            make: { horizon, _ in horizon.map { LabelDefinition(.logReturn, horizon: $0) } }
        ),
        Entry(
            name: "simple-return",
            form: "simple-return:H",
            unit: "1",
            formula: "p_exit / p_entry - 1",
            make: { horizon, _ in horizon.map { LabelDefinition(.simpleReturn, horizon: $0) } }
        ),
        Entry(
            name: "direction",
            form: "direction:H[:band=BPS]",
            unit: "-1, 0, +1",
            formula: "+1 if r > band, -1 if r < -band, else 0; r = (p_exit - p_entry) / p_entry * 10000",
            make: { horizon, parameters in
                guard let horizon, let band = number(parameters.removeValue(forKey: "band") ?? "0"), band >= 0
                else { return nil }
                return LabelDefinition(.direction(band: band), horizon: horizon)
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
            make: { horizon, _ in horizon == nil ? LabelDefinition(.returnSign, horizon: nil) : nil }
        ),
    ]

    private static func tripleBarrier(
        _ horizon: Horizon?,
        _ parameters: inout [String: String]
    ) -> LabelDefinition? {
        let timeout = parameters.removeValue(forKey: "timeout") ?? "zero"
        guard let horizon, let up = parameters.removeValue(forKey: "up").flatMap(number),
            let down = parameters.removeValue(forKey: "down").flatMap(number), up > 0, down > 0,
            timeout == "zero" || timeout == "sign"
        else { return nil }
        let kind = LabelDefinition.Kind.tripleBarrier(up: up, down: down, timeoutSign: timeout == "sign")
        return LabelDefinition(kind, horizon: horizon)
    }

    private static func number(_ text: String) -> Double? {
        let digits = text.hasSuffix("bps") ? String(text.dropLast(3)) : text
        return Double(digits).flatMap { $0.isFinite ? $0 : nil }
    }

    /// Reads a label: `direction:10:band=0.5`.
    package static func parse(_ text: String) throws(DatasetError) -> LabelDefinition {
        var words = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let name = words.removeFirst()
        guard let entry = entries.first(where: { $0.name == name }) else {
            let nearest = NearestName.near(name, among: entries.map(\.name))
            throw .unknownName(kind: "label", name: name, nearest: nearest)
        }
        var horizon: Horizon?
        if let first = words.first, !first.contains("=") {
            horizon = Horizon.parse(first)
            if horizon == nil { throw .badValue(key: "labels", found: text, expected: entry.form) }
            words.removeFirst()
        }
        var parameters: [String: String] = [:]
        for word in words {
            guard let sign = word.firstIndex(of: "="), parameters[String(word[..<sign])] == nil else {
                throw .badValue(key: "labels", found: text, expected: entry.form)
            }
            parameters[String(word[..<sign])] = String(word[word.index(after: sign)...])
        }
        guard let label = entry.make(horizon, &parameters), parameters.isEmpty else {
            throw .badValue(key: "labels", found: text, expected: entry.form)
        }
        return label
    }
}

extension LabelCatalog {
    /// The entry of a label's kind.
    package static func entry(of label: LabelDefinition) -> Entry? {
        entries.first { label.text == $0.name || label.text.hasPrefix($0.name + ":") }
    }
}
