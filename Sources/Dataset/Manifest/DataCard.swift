import MarketModel
import Synchronizer

/// The `README.md` of a dataset: what it is, how it was made, what is in it, how to load it.
struct DataCard {
    private let report: BuildReport
    private var plan: DatasetPlan { report.plan }

    init(_ report: BuildReport) { self.report = report }

    /// The card in Markdown.
    var text: String {
        [title, made, warnings, parts, features, labels, quality, LoadingLines(report).text]
            .filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private var title: String {
        let names = report.series.map { "`\($0.instrument)`" }.joined(separator: ", ")
        return """
            # Dataset of \(names)

            Rows of \(TimeText.text(plan.rows.period)), \(plan.rows.clock.rawValue), \
            \(plan.rows.timeBasis.rawValue) basis; \(report.columns.count) features, \(plan.labels.count) labels, \
            windows of \(plan.window) rows with stride \(plan.stride).
            """
    }

    private var warnings: String {
        guard !report.warnings.isEmpty else { return "" }
        return (["## Warnings", ""] + report.warnings.map { "- \(DataCard.cell($0))" }).joined(
            separator: "\n"
        )
    }

    private var made: String {
        var lines = [
            "## How it was made", "", "`\(report.code)`, plan in `plan.toml`, inputs in `manifest.json`.",
        ]
        lines.append(
            "A row has `ts` (its right edge), and `ts_available`: when the frame arrived at which it was emitted. "
                + "It is decided at `ts_available` + \(TimeText.text(plan.latency))."
        )
        if !plan.labels.isEmpty {
            lines.append(
                report.isTradable
                    ? "Labels are measured from the first row whose `ts` is at least the decision time."
                    : "**Not tradable:** labels are measured from the row itself, whose price could not be acted on."
            )
            lines.append("Reference price: \(plan.price.rawValue).")
        }
        return lines.joined(separator: "\n")
    }

    private var parts: String {
        var lines = [
            "## Parts", "",
            "| fold | part | from (decision time) | rows | samples | no window | unlabelled | purged | embargoed |",
            "|---|---|---|---|---|---|---|---|---|",
        ]
        for (number, fold) in report.folds.enumerated() {
            for (span, survey) in zip(fold.fold.spans, fold.parts) {
                lines.append(
                    "| \(number) | \(span.part.rawValue) | \(UnixTime.rfc3339(span.begin)) | \(survey.rows) "
                        + "| \(survey.samples) | \(survey[.noWindow]) | \(survey[.unlabelled]) "
                        + "| \(survey[.purged]) | \(survey[.embargoed]) |"
                )
            }
        }
        lines.append("")
        lines.append(
            "Embargo: \(TimeText.text(report.embargo)). Scaling: \(plan.normalise.rawValue)\(scope). `no window`: too few "
                + "rows before it in its part since a gap or a jump, or passed over by the stride."
        )
        return lines.joined(separator: "\n")
    }

    private var scope: String {
        plan.normalise == .none
            ? "" : plan.normalisesPerInstrument ? ", per instrument" : ", one scale for all instruments"
    }

    private var features: String {
        var lines = ["## Features", "", "| name | unit | formula | absent |", "|---|---|---|---|"]
        for column in report.columns {
            let cells = [column.unit, column.formula, column.undefined].map(DataCard.cell)
            lines.append("| `\(column.name)` | \(cells.joined(separator: " | ")) |")
        }
        return lines.joined(separator: "\n")
    }

    private var labels: String {
        guard !plan.labels.isEmpty else { return "" }
        var lines = ["## Labels", "", "| name | definition | unit | formula |", "|---|---|---|---|"]
        for label in plan.labels {
            let entry = LabelCatalog.entry(of: label)
            let cells = [label.text, entry?.unit ?? "", entry?.formula ?? ""].map(DataCard.cell)
            lines.append("| `\(label.name)` | \(cells.joined(separator: " | ")) |")
        }
        lines += [
            "", "| fold | part | label | defined | negative | zero | positive |",
            "|---|---|---|---|---|---|---|",
        ]
        for (number, fold) in report.folds.enumerated() {
            for (span, survey) in zip(fold.fold.spans, fold.parts) {
                for (label, count) in zip(plan.labels, survey.labels) {
                    lines.append(
                        "| \(number) | \(span.part.rawValue) | `\(label.name)` | \(count.defined) | \(count.below) "
                            + "| \(count.zero) | \(count.above) |"
                    )
                }
            }
        }
        return lines.joined(separator: "\n")
    }

    private var quality: String {
        var lines = [
            "## Instruments and gaps", "",
            "| `instrument` | name | rows | with a gap | partial | jumps | without a price |",
            "|---|---|---|---|---|---|---|",
        ]
        for (number, one) in report.series.enumerated() {
            lines.append(
                "| \(number) | `\(one.instrument)` | \(one.rows.count) | \(one.summary.gaps) | \(one.summary.partials) "
                    + "| \(one.summary.jumps) | \(one.summary.unpriced) |"
            )
        }
        if let audit = report.audit {
            lines += [
                "",
                "Audit: \(audit.checks.count) replays of the cut log, \(audit.isOK ? "no" : "a") difference.",
            ]
        }
        return lines.joined(separator: "\n")
    }

    /// A bar would end the cell.
    private static func cell(_ text: String) -> String {
        String(text.flatMap { $0 == "|" ? "\\|" : $0 == "\n" ? " " : String($0) })
    }
}
