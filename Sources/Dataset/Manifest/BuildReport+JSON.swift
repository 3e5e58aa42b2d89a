import ByteCoding
import MarketModel

extension BuildReport {
    /// The manifest.
    package var json: OrderedJSON {
        .object([
            ("format", .string(StoredManifest.format)), ("version", .integer(StoredManifest.version)),
            ("code", .string(code)), ("zstd", .string(Zstandard.libraryVersion)),
            ("plan", plan.json), ("tradable", .bool(isTradable)), ("embargo_ns", .large(embargo)),
            ("inputs", .array(inputs.map(\.json))), ("outputs", .array(outputs.map(\.json))),
            ("features", .array(columns.map(BuildReport.json))),
            ("labels", .array(plan.labels.map(json))),
            ("instruments", .array(series.map(json))),
            ("source", .object(source.counts.map { ($0.name, .integer($0.count)) })),
            ("digests", .object(source.digests.map { ($0.name, .string($0.digest)) })),
            ("warnings", .array(warnings.map { .string($0) })),
            ("left_out_features", .array(leftOut.map { .string($0) })),
            ("constant_features", .array(constant.map { .string($0) })),
            (
                "undefined_features",
                .array(
                    undefined.map {
                        .object([("feature", .string($0.feature)), ("instrument", .string($0.instrument))])
                    }
                )
            ),
            ("folds", .array(folds.map(json))),
            ("audit", audit?.json ?? .null),
        ])
    }

    private static func json(_ column: FeatureColumn) -> OrderedJSON {
        .object([
            ("name", .string(column.name)), ("formula", .string(column.formula)),
            ("unit", .string(column.unit)), ("warm_up", .string(column.warmUp)),
            ("undefined", .string(column.undefined)), ("source", .string(column.source)),
        ])
    }

    private func json(_ label: LabelDefinition) -> OrderedJSON {
        let entry = LabelCatalog.entry(of: label)
        return .object([
            ("name", .string(label.name)), ("definition", .string(label.text)),
            ("formula", .string(entry?.formula ?? "")), ("unit", .string(entry?.unit ?? "")),
            ("price", .string(plan.price.rawValue)), ("entry", .string(plan.entry.rawValue)),
            ("contemporaneous", .bool(label.isContemporaneous)),
            ("tradable", .bool(isTradable && !label.isContemporaneous)),
        ])
    }

    private func json(_ one: PreparedRows.Series) -> OrderedJSON {
        .object([
            ("instrument", .string(one.instrument.description)), ("rows", .integer(one.rows.count)),
            ("first_ts", one.summary.span.map { .large($0.lowerBound) } ?? .null),
            ("last_ts", one.summary.span.map { .large($0.upperBound) } ?? .null),
            ("gap_rows", .integer(one.summary.gaps)), ("partial_rows", .integer(one.summary.partials)),
            ("jumps", .integer(one.summary.jumps)), ("rows_without_price", .integer(one.summary.unpriced)),
            ("longest_run", .integer(one.summary.longestRun)),
        ])
    }

    private func json(_ fold: FoldReport) -> OrderedJSON {
        let parts = zip(fold.fold.spans, fold.parts).map { span, survey in
            OrderedJSON.object([
                ("part", .string(span.part.rawValue)), ("begin_ns", .large(span.begin)),
                ("end_ns", span.end.map { .large($0) } ?? .null), ("rows", .integer(survey.rows)),
                ("samples", .integer(survey.samples)), ("no_window", .integer(survey[.noWindow])),
                ("unlabelled", .integer(survey[.unlabelled])), ("purged", .integer(survey[.purged])),
                ("embargoed", .integer(survey[.embargoed])),
                ("labels", .array(zip(plan.labels, survey.labels).map { json($0, $1, survey.samples) })),
            ])
        }
        return .object([("parts", .array(parts)), ("statistics", statistics(fold.scales))])
    }

    private func json(
        _ label: LabelDefinition,
        _ survey: PartSurvey.LabelSurvey,
        _ samples: Int
    ) -> OrderedJSON {
        .object([
            ("name", .string(label.name)), ("defined", .integer(survey.defined)),
            ("null", .integer(samples - survey.defined)), ("negative", .integer(survey.below)),
            ("zero", .integer(survey.zero)), ("positive", .integer(survey.above)),
        ])
    }

    private func statistics(_ scales: [[FeatureScale]]?) -> OrderedJSON {
        guard let scales else { return .null }
        let shown = plan.normalisesPerInstrument ? scales : Array(scales.prefix(1))
        return .array(
            shown.enumerated().map { index, scales in
                let name = plan.normalisesPerInstrument ? series[index].instrument.description : nil
                return .object([
                    ("instrument", name.map { .string($0) } ?? .null),
                    ("features", .array(zip(columns, scales).map(BuildReport.json))),
                ])
            }
        )
    }

    private static func json(_ column: FeatureColumn, _ scale: FeatureScale) -> OrderedJSON {
        .object([
            ("name", .string(column.name)), ("center", .number(scale.center)),
            ("spread", .number(scale.spread)), ("measure", .string(scale.measure.rawValue)),
            ("count", .integer(scale.count)),
        ])
    }
}
