import MarketModel

/// The table of instruments, the ages of their books, and a part for each.
extension ReportPage {
    func writeInstruments(into page: inout Markup) {
        section("Instruments", into: &page) { page in
            guard !content.instruments.isEmpty else {
                page.element("p", text: "None: no frame holds an event of an instrument.")
                return
            }
            let header = [
                "instrument", "book at the end", "bid, ask levels", "best bid", "best ask", "rows", "trades",
                "trades observed", "book synced", "gap", "partial", "gaps", "gapped for",
            ]
            table(header, texts: 2, into: &page, content.instruments.map(row))
            page.element(
                "p",
                class: "hint",
                text: "Shares are of rows. Observed: the feed was live throughout the row's period. Gap: the "
                    + "book was gapped or a feed not live at some time in it. Partial: the data ends before the "
                    + "row's edge."
            )
        }
        writeAges(into: &page)
        let charted = content.instruments.filter { $0.tally.series?.buckets.isEmpty == false }
        for instrument in charted {
            section(instrument.name, into: &page) { page in
                page.element("p", class: "hint", text: facts(of: instrument))
                writeCharts(of: instrument, into: &page)
            }
        }
        writeMissingCharts(into: &page)
    }

    private func writeMissingCharts(into page: inout Markup) {
        let missing = content.instruments.count { $0.tally.rows > 0 && $0.tally.series == nil }
        guard missing > 0 else { return }
        page.element(
            "p",
            class: "note",
            text: "Charts are drawn of the first \(content.chartLimit) instruments; "
                + "\(NumberText.grouped(missing)) more have rows (choose them with --instruments)."
        )
    }

    private func row(_ one: InstrumentFacts) -> [String] {
        let (tally, rows) = (one.tally, one.tally.rows)
        return [
            one.name, one.bookState,
            "\(NumberText.grouped(one.levels.bids)), \(NumberText.grouped(one.levels.asks))",
            one.bestBid?.price ?? "–", one.bestAsk?.price ?? "–", NumberText.grouped(rows),
            NumberText.grouped(one.trades), NumberText.percent(tally.observed(.trades), of: rows),
            NumberText.percent(tally.syncedRows, of: rows), NumberText.percent(tally.gapRows, of: rows),
            NumberText.percent(tally.partialRows, of: rows), NumberText.grouped(one.gaps.count),
            one.gaps.count > 0 ? NumberText.duration(one.gaps.time) : "–",
        ]
    }

    private func facts(of one: InstrumentFacts) -> String {
        let kinds = DataKind.all.map { ($0.name.replacing("_", with: " "), $0.feed) }
        let rows = one.tally.rows
        let shares = kinds.filter { one.tally.observed($0.1) > 0 }
            .map { "\($0.0) \(NumberText.percent(one.tally.observed($0.1), of: rows))" }
        let never = kinds.filter { one.tally.observed($0.1) == 0 }.map(\.0)
        var text = "\(NumberText.grouped(rows)) rows"
        if !shares.isEmpty { text += "; observed throughout: \(shares.joined(separator: ", "))" }
        if !never.isEmpty { text += "; never: \(never.joined(separator: ", "))" }
        text += "."
        if let bid = one.bestBid, let ask = one.bestAsk {
            text += " At the end \(bid.size) at \(bid.price) bid, \(ask.size) at \(ask.price) asked."
        }
        if one.crossedSeen > 0 {
            text += " The book was crossed after \(NumberText.grouped(one.crossedSeen)) messages."
        }
        return text
    }

    // MARK: - Ages

    private func writeAges(into page: inout Markup) {
        let aged = content.instruments.filter { $0.tally.ages.count > 0 }
        guard !aged.isEmpty else { return }
        section("Age of books at the edges of rows", into: &page) { page in
            let shown = aged.prefix(max(1, content.chartLimit))
            let legend = [
                ("swatch-median", "median"), ("swatch-range", "to 99.9 %, ticks at 90, 99 and 99.9 %"),
                ("swatch-whisker", "to the greatest"),
            ]
            figure("Age of the book, logarithmic", legend, into: &page) { page in
                AgeChart(instruments: shown.map { ($0.name, $0.tally.ages) }).write(into: &page)
            }
            let header = ["instrument"] + AgeChart.quantiles.map(\.1) + ["greatest"]
            table(header, texts: 1, into: &page, aged.map(ages))
        }
    }

    private func ages(of one: InstrumentFacts) -> [String] {
        let ages = one.tally.ages
        let quantiles = AgeChart.quantiles.map { ages.quantile($0.0, of: 1000) }
        return [one.name] + quantiles.map { $0.map(NumberText.duration) ?? "–" }
            + [NumberText.duration(ages.greatest)]
    }
}
