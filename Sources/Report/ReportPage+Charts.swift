import MarketModel

/// Charts of the session and of each instrument.
extension ReportPage {
    func writeFrames(into page: inout Markup) {
        let series = content.frames.series
        guard let span = series.span else { return }
        let seconds = Double(series.width) / Double(UnixTime.second)
        let rate = { (bucket: FrameBucket) in Double(bucket.frames) / seconds }
        let axis = ValueAxis(from: 0, to: series.buckets.map(rate).max() ?? 1, lines: 5)
        let chart = Chart(time: TimeAxis(span, marks: 9), value: axis, height: 190)
        let hasBreaks = series.buckets.contains { $0.breaks > 0 }
        section("Frames over the session", into: &page) { page in
            let legend = [("swatch-frames", "mean of \(NumberText.duration(series.width))")]
            figure(
                "Frames per second",
                legend + (hasBreaks ? [("swatch-break", "disconnect, stall or drop")] : []),
                into: &page
            ) { page in
                chart.write("Frames per second over the session", into: &page) { page in
                    chart.bars(series, "frames", into: &page, height: rate)
                    chart.mark(series, into: &page) { $0.breaks > 0 }
                }
            }
        }
    }

    func figure(
        _ title: String,
        _ legend: [(style: String, text: String)],
        into page: inout Markup,
        _ drawing: (inout Markup) -> Void
    ) {
        page.newLine()
        page.element("figure") { page in
            page.element("figcaption") { page in
                page.element("b", text: title)
                for entry in legend {
                    page.write(" ")
                    page.element("span", [("class", "key")]) { page in
                        page.element("i", class: entry.style, text: "")
                        page.write(entry.text)
                    }
                }
            }
            page.newLine()
            page.element("div", [("class", "scroll")], drawing)
        }
        page.newLine()
    }

    // MARK: - Instruments

    /// The common time span of all instruments' charts, so that they can be compared.
    private var span: (start: Int64, end: Int64)? {
        let spans = content.instruments.compactMap { $0.tally.series?.span }
        guard let start = spans.map(\.start).min(), let end = spans.map(\.end).max() else { return nil }
        return (start, end)
    }

    func writeCharts(of instrument: InstrumentFacts, into page: inout Markup) {
        guard let series = instrument.tally.series, let span, !series.buckets.isEmpty else { return }
        let axis = TimeAxis(span, marks: 9)
        let width = NumberText.duration(series.width)
        write(series, axis, "Mid price, quote", 180, width, into: &page) { $0.mid }
        write(series, axis, "Spread, quote", 110, width, into: &page) { $0.spread }
        writeVolume(series, axis, width, into: &page)
        let title = "Imbalance of the book, −1 to 1"
        write(series, axis, title, 110, width, (-1, 1), into: &page) { $0.imbalance }
    }

    private func write(
        _ series: TimeSeries<RowBucket>,
        _ time: TimeAxis,
        _ title: String,
        _ height: Double,
        _ width: String,
        _ bounds: (Double, Double)? = nil,
        into page: inout Markup,
        _ range: (RowBucket) -> ValueRange
    ) {
        var all = ValueRange()
        for bucket in series.buckets { all.merge(range(bucket)) }
        guard all.count > 0 else {
            page.element("p", class: "note", text: "\(title): no row has one.")
            return
        }
        let (least, greatest) = bounds ?? (all.least, all.greatest)
        let value = ValueAxis(from: least, to: greatest, lines: Int(height) / 36)
        let chart = Chart(time: time, value: value, height: height)
        let legend = [
            ("swatch-line", "last of \(width)"), ("swatch-band", "least to greatest"),
        ]
        figure(title, legend + gapLegend(series), into: &page) { page in
            chart.write(title, into: &page) { page in
                chart.shade(series, into: &page) { $0.gapRows > 0 }
                chart.line(series, into: &page, range) { !content.isOnGrid && $0.rows == 0 }
            }
        }
    }

    private func writeVolume(
        _ series: TimeSeries<RowBucket>,
        _ time: TimeAxis,
        _ width: String,
        into page: inout Markup
    ) {
        guard series.buckets.contains(where: { $0.tradedRows > 0 }) else {
            page.element("p", class: "note", text: "Trade volume: trades were observed in no row.")
            return
        }
        let greatest = series.buckets.map(\.volume).max() ?? 0
        let value = ValueAxis(from: 0, to: greatest > 0 ? greatest : 1, lines: 3)
        let chart = Chart(time: time, value: value, height: 110)
        let legend = [("swatch-volume", "sum of \(width)")]
        figure("Trade volume, base", legend + gapLegend(series), into: &page) { page in
            chart.write("Trade volume, base", into: &page) { page in
                chart.shade(series, into: &page) { $0.gapRows > 0 }
                chart.bars(series, "volume", into: &page) { $0.volume }
            }
        }
    }

    private func gapLegend(_ series: TimeSeries<RowBucket>) -> [(style: String, text: String)] {
        series.buckets.contains { $0.gapRows > 0 } ? [("swatch-gap", "gap: book or feed not whole")] : []
    }
}
