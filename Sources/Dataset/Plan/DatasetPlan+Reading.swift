public import MarketModel
import Synchronizer

extension DatasetPlan {
    /// Reads a plan from its keys; a later entry of a key overrides an earlier one.
    ///
    /// Errors show `example` for an instrument.
    public init(
        _ entries: [(key: String, value: PlanValue)],
        example: Instrument? = nil
    ) throws(DatasetError) {
        self.init()
        for (key, value) in entries {
            if key == "instruments", value.text != "all" {
                instruments = try DatasetPlan.instruments(value.items, example)
            } else {
                try set(key, value)
            }
        }
        try check()
    }

    private mutating func set(_ key: String, _ value: PlanValue) throws(DatasetError) {
        if try setRows(key, value) { return }
        if try setContent(key, value) { return }
        if try setShape(key, value) { return }
        throw .unknownKey(key, nearest: NearestName.near(key, among: PlanKey.all.map(\.name)))
    }

    private mutating func setRows(_ key: String, _ value: PlanValue) throws(DatasetError) -> Bool {
        switch key {
        case "recordings": recordings = value.items
        case "instruments": instruments = []
        case "from": from = try DatasetPlan.instant(key, value)
        case "to": to = try DatasetPlan.instant(key, value)
        case "clock": rows.clock = try DatasetPlan.choice(key, value)
        case "ticks": rows.ticks = value.text == "period" ? .everyPeriod : try DatasetPlan.ticks(key, value)
        case "period": rows.period = try DatasetPlan.duration(key, value)
        case "time-basis": rows.timeBasis = try DatasetPlan.choice(key, value)
        case "hold-back": rows.watermarkDelay = try DatasetPlan.duration(key, value)
        case "max-gap-fill": rows.maxGapFill = Int64(try DatasetPlan.count(key, value, from: 0))
        case "clock-scope": rows.scope = try DatasetPlan.choice(key, value)
        case "sampling": rows.sampling = try DatasetPlan.choice(key, value)
        case "bars": rows.bars = value.text == "none" ? nil : try DatasetPlan.bars(value)
        case "depth": rows.depth = try DatasetPlan.count(key, value, from: 1)
        default: return false
        }
        return true
    }

    private mutating func setContent(_ key: String, _ value: PlanValue) throws(DatasetError) -> Bool {
        switch key {
        case "features": features = value.items
        case "labels":
            var read: [LabelDefinition] = []
            for item in value.items where item != "none" { read.append(try LabelCatalog.parse(item)) }
            labels = read
        case "entry": entry = try DatasetPlan.choice(key, value)
        case "price": price = try DatasetPlan.choice(key, value)
        case "latency": latency = try DatasetPlan.duration(key, value)
        case "max-age": maxAge = value.text == "none" ? nil : try DatasetPlan.duration(key, value)
        case "missing": missing = try DatasetPlan.choice(key, value)
        default: return false
        }
        return true
    }

    private mutating func setShape(_ key: String, _ value: PlanValue) throws(DatasetError) -> Bool {
        switch key {
        case "window": window = try DatasetPlan.count(key, value, from: 1)
        case "stride": stride = try DatasetPlan.count(key, value, from: 1)
        case "split": split = try SplitPlan.parse(value.text)
        case "embargo": embargo = value.text == "auto" ? nil : try DatasetPlan.duration(key, value)
        case "normalise": normalise = try DatasetPlan.choice(key, value)
        case "normalise-scope":
            normalisesPerInstrument = try DatasetPlan.either(key, value, "instrument", "pooled")
        case "label-type": labelType = try DatasetPlan.choice(key, value)
        case "dtype": isDouble = try DatasetPlan.either(key, value, "float64", "float32")
        case "materialise": isMaterialised = try DatasetPlan.either(key, value, "true", "false")
        case "outputs":
            var read: [OutputFormat] = []
            for item in value.items { read.append(try DatasetPlan.choice(key, .text(item))) }
            outputs = OutputFormat.allCases.filter(read.contains)
        case "encoding": isPlain = try DatasetPlan.either(key, value, "plain", "automatic")
        case "audit": audit = try DatasetPlan.count(key, value, from: 0)
        default: return false
        }
        return true
    }

    private func check() throws(DatasetError) {
        if recordings.isEmpty {
            throw .badValue(key: "recordings", found: "", expected: "at least one recording or folder")
        }
        if features.isEmpty {
            throw .badValue(key: "features", found: "", expected: "at least one feature or set")
        }
        if outputs.isEmpty {
            throw .badValue(key: "outputs", found: "", expected: "npy, safetensors or parquet")
        }
        for (index, label) in labels.enumerated()
        where labels[..<index].contains(where: { $0.name == label.name }) {
            throw .badValue(key: "labels", found: label.text, expected: "each label once")
        }
        if rows.timeBasis == .exchange, entry == .tradable, labels.contains(where: { !$0.isContemporaneous })
        {
            throw .contradiction(
                "labels of rows in exchange basis cannot be measured from a decision time",
                toDo: "set entry = \"row\", which is marked as not tradable, or use time-basis = \"receive\""
            )
        }
        if labelType == .classIndex, let label = labels.first(where: { !$0.isCategorical }) {
            throw .contradiction(
                "label \(label.text) has no classes, and label-type is 'class'",
                toDo: "name labels such as direction or triple-barrier, or set label-type = \"number\""
            )
        }
        if let from, let to, from >= to {
            throw .badValue(key: "from", found: String(from), expected: "a time before 'to' (\(to))")
        }
        do { try MarketSynchronizer.check(rows) } catch {
            throw .contradiction("rows cannot be made so: \(error)", toDo: "see dataset build --help")
        }
    }

    // MARK: - Values

    private static func duration(_ key: String, _ value: PlanValue) throws(DatasetError) -> Int64 {
        guard let length = TimeText.duration(value.text) else {
            throw .badValue(key: key, found: value.text, expected: "a duration such as 250ms, 5s or 1h")
        }
        return length
    }

    private static func bars(_ value: PlanValue) throws(DatasetError) -> Bars {
        do { return try Bars(parsing: value.text) } catch {
            throw .badValue(key: "bars", found: value.text, expected: "none, tick:N, volume:V or notional:N")
        }
    }

    private static func ticks(_ key: String, _ value: PlanValue) throws(DatasetError) -> TickSource {
        var times: [Int64] = []
        for item in value.items { times.append(try instant(key, .text(item))) }
        return .times(times)
    }

    private static func instant(_ key: String, _ value: PlanValue) throws(DatasetError) -> Int64 {
        guard let time = TimeText.instant(value.text) else {
            throw .badValue(key: key, found: value.text, expected: "RFC 3339, a date or nanoseconds")
        }
        return time
    }

    private static func count(_ key: String, _ value: PlanValue, from least: Int) throws(DatasetError) -> Int
    {
        guard let count = Int(value.text), (least...1_000_000_000).contains(count) else {
            throw .badValue(key: key, found: value.text, expected: "a whole number from \(least)")
        }
        return count
    }

    private static func either(
        _ key: String,
        _ value: PlanValue,
        _ yes: String,
        _ no: String
    ) throws(DatasetError) -> Bool {
        if value.text == yes { return true }
        guard value.text == no else {
            throw .badValue(key: key, found: value.text, expected: "\(yes) or \(no)")
        }
        return false
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String,
        _ value: PlanValue
    ) throws(DatasetError) -> Choice {
        guard let choice = Choice(rawValue: value.text) else {
            let names = Choice.allCases.map(\.rawValue)
            let nearest =
                NearestName.near(value.text, among: names).map { "; did you mean '\($0)'?" } ?? ""
            throw .badValue(key: key, found: value.text, expected: names.joined(separator: ", ") + nearest)
        }
        return choice
    }

    private static func instruments(
        _ items: [String],
        _ example: Instrument?
    ) throws(DatasetError) -> [String] {
        for (index, item) in items.enumerated() {
            let words = item.split(separator: "/", maxSplits: 2)
            guard words.count == 3, let market = Market(rawValue: String(words[1])), market != .multi,
                !items[..<index].contains(item)
            else {
                throw .badValue(
                    key: "instruments",
                    found: item,
                    expected: "exchange/market/symbol, each once" + (example.map { ", such as \($0)" } ?? "")
                )
            }
        }
        return items
    }
}
