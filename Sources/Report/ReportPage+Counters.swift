import MarketModel

/// Counters, lateness, and the lists of what happened.
extension ReportPage {
    func writeCounters(into page: inout Markup) {
        section("Counters", into: &page) { page in
            page.element("div", [("class", "groups")]) { page in
                for group in content.counters { write(group, into: &page) }
            }
        }
    }

    private func write(_ group: ReportContent.CounterGroup, into page: inout Markup) {
        page.newLine()
        page.element("table", [("class", "counters")]) { page in
            page.element("caption", text: group.title)
            page.element("tbody") { page in
                for one in group.counts { write(one, "", into: &page) }
                guard let total = group.total else { return }
                write(total, "total", into: &page)
                guard group.sum != total.count else { return }
                let text = "does not add up: the parts are \(NumberText.grouped(group.sum))"
                page.element("tr", [("class", "wrong")]) { page in
                    page.element("td", [("colspan", "2")], text: text)
                }
            }
        }
    }

    private func write(_ one: ReportContent.Count, _ style: String, into page: inout Markup) {
        page.element("tr", style.isEmpty ? [] : [("class", style)]) { page in
            page.element("th", [("scope", "row")], text: (style.isEmpty ? "" : "= ") + one.label)
            page.element("td", class: "number", text: NumberText.grouped(one.count))
        }
    }

    // MARK: - Lateness

    func writeLateness(into page: inout Markup) {
        let late = content.lateness
        section("Late events", into: &page) { page in
            guard late.count > 0 else {
                page.element("p", text: "None: no trade or liquidation came after its row was emitted.")
                return
            }
            page.element(
                "p",
                text: "\(NumberText.grouped(late.count)) of \(NumberText.grouped(late.placed)) trades and "
                    + "liquidations (\(NumberText.percent(late.count, of: late.placed))) came after their row was "
                    + "emitted, the latest by \(NumberText.duration(late.greatest)). "
                    + "--hold-back \(late.suggestion) (\(NumberText.duration(late.suggested))) would keep 99.9 %."
            )
            writeHistogram(late, into: &page)
        }
    }

    private func writeHistogram(_ late: LatenessFacts, into page: inout Markup) {
        var bars: [(text: String, count: Int)] = []
        var before = 0
        for step in late.cumulative {
            bars.append(("up to \(NumberText.duration(step.nanoseconds))", step.count - before))
            before = step.count
        }
        bars.append(("longer", late.count - before))
        // Empty bounds at both ends need no line.
        while bars.first?.count == 0 { bars.removeFirst() }
        while bars.last?.count == 0 { bars.removeLast() }
        let most = max(1, bars.map(\.count).max() ?? 1)
        page.element("table", [("class", "histogram")]) { page in
            page.element("caption", text: "Lateness")
            page.element("tbody") { page in
                for bar in bars {
                    page.element("tr") { page in
                        page.element("th", [("scope", "row")], text: bar.text)
                        page.element("td", class: "number", text: NumberText.grouped(bar.count))
                        page.element("td", [("class", "bar")]) { page in
                            guard bar.count > 0 else { return }
                            let width = NumberText.coordinate(Double(bar.count) * 100 / Double(most))
                            page.element("div", [("style", "width:\(width)%")], text: "")
                        }
                    }
                }
            }
        }
    }

    // MARK: - Lists

    func writeGaps(into page: inout Markup) {
        section("Gaps of books and jumps of clocks", into: &page) { page in
            write(
                content.gaps,
                ["time (UTC)", "lasted", "what", "instrument"],
                none: "None: every book stayed right from its first snapshot on, and no clock jumped.",
                into: &page
            ) { event in
                let lasted = event.end.map { NumberText.duration(max(0, $0 &- event.time)) } ?? "to the end"
                let what = event.detail.isEmpty ? event.what : "\(event.what): \(event.detail)"
                return [time(event.time), lasted, what, event.subject]
            }
        }
    }

    func writeStatuses(into page: inout Markup) {
        section("What happened to connections", into: &page) { page in
            write(
                content.statuses,
                ["time (UTC)", "what", "connection", "detail"],
                none: "The recordings hold no status records.",
                into: &page
            ) { [time($0.time), $0.what, $0.subject, $0.detail] }
        }
    }

    private func write(
        _ list: EventList,
        _ header: [String],
        none: String,
        into page: inout Markup,
        _ cells: (SessionEvent) -> [String]
    ) {
        guard list.count > 0 else {
            page.element("p", text: none)
            return
        }
        let counts = list.counts.map { "\(NumberText.grouped($0.count)) × \($0.what)" }
        page.element("p", text: "In all \(counts.joined(separator: ", ")).")
        page.newLine()
        guard !list.entries.isEmpty else { return }
        table(header, texts: header.count, into: &page, list.entries.map(cells))
        guard list.unlisted > 0 else { return }
        let rest = NumberText.grouped(list.unlisted)
        page.element("p", class: "note", text: "… and \(rest) more, later in the log.")
    }

    func writeUnknown(into page: inout Markup) {
        guard !content.unknownSamples.isEmpty else { return }
        section("Frames of unknown kinds", into: &page) { page in
            page.element("p", text: "A sample of the first; nothing of them is in a row.")
            for sample in content.unknownSamples { page.element("pre", text: sample) }
        }
    }
}
