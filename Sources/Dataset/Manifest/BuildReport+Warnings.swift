import MarketModel

extension BuildReport {
    /// Warnings for users of the set, in manifest and card.
    public var warnings: [String] {
        var lines = source.warnings
        if !leftOut.isEmpty {
            lines.append(
                "no value in any row, hence left out: \(leftOut.joined(separator: ", ")) "
                    + "(--missing mask keeps them as columns of nulls)"
            )
        }
        for one in series {
            let name = one.instrument.description
            let absent = undefined.filter { $0.instrument == name }.map(\.feature)
            if !absent.isEmpty {
                lines.append("\(name): no value, hence masked: \(absent.joined(separator: ", "))")
            }
        }
        if !isTradable, !plan.labels.isEmpty {
            lines.append("labels are measured from the row itself (entry = \"row\"): not tradable")
        }
        if plan.normalise == .none, !constant.isEmpty {
            lines.append("one value in all rows: \(constant.joined(separator: ", "))")
        }
        for (number, fold) in folds.enumerated() {
            lines += scaleWarnings(fold, "fold \(number)")
            lines += labelWarnings(fold, "fold \(number)")
        }
        return lines
    }

    private func scaleWarnings(_ fold: FoldReport, _ name: String) -> [String] {
        guard let scales = fold.scales else { return [] }
        let shown = plan.normalisesPerInstrument ? scales : Array(scales.prefix(1))
        return shown.enumerated().flatMap { index, scales in
            let prefix = plan.normalisesPerInstrument ? "\(name), \(series[index].instrument)" : name
            let all = zip(columns, scales).enumerated()
            let names = { (isMeant: (Int, FeatureScale) -> Bool) in
                all.filter { isMeant($0.offset, $0.element.1) }.map(\.element.0.name).joined(separator: ", ")
            }
            let groups = [
                ("constant in training, hence 0", names { $1.count > 0 && $1.spread == 0 }),
                ("no value in training, hence 0", names { $1.count == 0 && hasValues($0, index) }),
                (
                    "spread by the quartiles, for the median deviation is 0",
                    names { $1.measure == .quartiles }
                ),
                (
                    "spread by the standard deviation, for median deviation and quartiles are 0",
                    names { plan.normalise == .robust && $1.measure == .deviation }
                ),
            ]
            return groups.filter { !$0.1.isEmpty }.map { "\(prefix): \($0.0): \($0.1)" }
        }
    }

    /// Whether a feature has values in every part to which its scale applies.
    private func hasValues(_ column: Int, _ index: Int) -> Bool {
        let instruments = plan.normalisesPerInstrument ? [series[index]] : series
        return instruments.contains { one in
            !undefined.contains {
                $0.feature == columns[column].name && $0.instrument == one.instrument.description
            }
        }
    }

    private func labelWarnings(_ fold: FoldReport, _ name: String) -> [String] {
        zip(fold.fold.spans, fold.parts).flatMap { span, survey in
            zip(plan.labels, survey.labels).compactMap { label, counts in
                let text = "\(name), \(span.part.rawValue): label \(label.text)"
                if counts.defined == 0 { return "\(text) has no value in any sample" }
                let kinds: [(Int, String)] = [
                    (counts.below, "-1"), (counts.zero, "0"), (counts.above, "+1"),
                ]
                guard let only = kinds.first(where: { $0.0 == counts.defined }),
                    label.isCategorical || counts.zero > 0
                else { return nil }
                return "\(text) is \(only.1) in all \(counts.defined) samples"
            }
        }
    }
}
