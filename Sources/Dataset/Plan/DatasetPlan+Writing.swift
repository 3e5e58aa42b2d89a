import MarketModel
import Synchronizer

extension DatasetPlan {
    /// Every key with its value, in the order of ``PlanKey/all``; reading them gives the same plan.
    package var entries: [(key: String, value: PlanValue)] {
        var entries: [(key: String, value: PlanValue)] = [
            ("recordings", .list(recordings.map { .text($0) })),
            ("instruments", instruments.isEmpty ? .text("all") : .list(instruments.map { .text($0) })),
        ]
        if let from { entries.append(("from", .text(UnixTime.rfc3339(from)))) }
        if let to { entries.append(("to", .text(UnixTime.rfc3339(to)))) }
        entries += [
            ("clock", .text(rows.clock.rawValue)),
            ("ticks", ticks),
            ("period", .text(TimeText.text(rows.period))),
            ("time-basis", .text(rows.timeBasis.rawValue)),
            ("hold-back", .text(TimeText.text(rows.watermarkDelay))),
            ("max-gap-fill", .integer(rows.maxGapFill)),
            ("clock-scope", .text(rows.scope.rawValue)),
            ("sampling", .text(rows.sampling.rawValue)),
            ("bars", .text(rows.bars?.description ?? "none")),
            ("depth", .integer(Int64(rows.depth))),
            ("features", .list(features.map { .text($0) })),
            ("labels", .list(labels.map { .text($0.text) })),
            ("entry", .text(entry.rawValue)),
            ("price", .text(price.rawValue)),
            ("latency", .text(TimeText.text(latency))),
            ("max-age", .text(maxAge.map(TimeText.text) ?? "none")),
        ]
        return entries + shape
    }

    private var ticks: PlanValue {
        switch rows.ticks {
        case .everyPeriod: .text("period")
        case .times(let times): .list(times.map { .text(UnixTime.rfc3339($0)) })
        }
    }

    private var shape: [(key: String, value: PlanValue)] {
        [
            ("window", .integer(Int64(window))),
            ("stride", .integer(Int64(stride))),
            ("split", .text(split.text)),
            ("embargo", .text(embargo.map(TimeText.text) ?? "auto")),
            ("normalise", .text(normalise.rawValue)),
            ("normalise-scope", .text(normalisesPerInstrument ? "instrument" : "pooled")),
            ("missing", .text(missing.rawValue)),
            ("dtype", .text(isDouble ? "float64" : "float32")),
            ("label-type", .text(labelType.rawValue)),
            ("materialise", .flag(isMaterialised)),
            ("outputs", .list(outputs.map { .text($0.rawValue) })),
            ("encoding", .text(isPlain ? "plain" : "automatic")),
            ("audit", .integer(Int64(audit))),
        ]
    }

    /// The plan as a TOML document.
    package var toml: String { entries.map { "\($0.key) = \($0.value.toml)\n" }.joined() }

    /// The keys that rows with features depend on, each as a line of TOML.
    ///
    /// Labels, windows, parts and files are made of rows: they are free to differ.
    package var rowLines: [String] {
        let keys: Set = [
            "instruments", "from", "to", "clock", "ticks", "period", "time-basis", "hold-back",
            "max-gap-fill", "clock-scope", "sampling", "bars", "depth", "features", "price", "max-age",
        ]
        return entries.filter { keys.contains($0.key) }.map { "\($0.key) = \($0.value.toml)" }
    }

    /// The plan as JSON.
    package var json: OrderedJSON {
        .object(entries.map { ($0.key, DatasetPlan.json($0.value)) })
    }

    private static func json(_ value: PlanValue) -> OrderedJSON {
        switch value {
        case .text(let text): .string(text)
        case .integer(let number): .integer(Int(number))
        case .number(let number): .number(number)
        case .flag(let flag): .bool(flag)
        case .list(let values): .array(values.map(json))
        }
    }
}
