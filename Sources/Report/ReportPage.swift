import MarketModel

/// A session as one self-contained XHTML page with inline styles and drawings.
package struct ReportPage {
    let content: ReportContent

    /// Makes the page of a session.
    package init(_ content: ReportContent) { self.content = content }

    /// The page; the same content gives the same text.
    package var text: String {
        var page = Markup("<!DOCTYPE html>\n")
        let root = [("xmlns", "http://www.w3.org/1999/xhtml"), ("lang", "en")]
        page.element("html", root.map { (name: $0.0, value: $0.1) }) { page in
            page.newLine()
            page.element("head") { writeHead(into: &$0) }
            page.newLine()
            page.element("body") { page in
                page.element("main") { writeBody(into: &$0) }
            }
        }
        page.newLine()
        return page.text
    }

    private func writeHead(into page: inout Markup) {
        page.void("meta", [("charset", "utf-8")])
        page.void("meta", [("name", "viewport"), ("content", "width=device-width, initial-scale=1")])
        page.void("meta", [("name", "color-scheme"), ("content", "light dark")])
        page.element("title", text: content.title)
        page.newLine()
        page.element("style", text: ReportStyle.sheet)
    }

    private func writeBody(into page: inout Markup) {
        writeHeader(into: &page)
        writeRecordings(into: &page)
        writeLosses(into: &page)
        writeCounters(into: &page)
        writeLateness(into: &page)
        writeFrames(into: &page)
        writeInstruments(into: &page)
        writeGaps(into: &page)
        writeStatuses(into: &page)
        writeUnknown(into: &page)
        writeReproduction(into: &page)
        page.element("footer", text: content.version)
    }

    // MARK: - Parts

    /// Writes a part with a title.
    func section(_ title: String, into page: inout Markup, _ body: (inout Markup) -> Void) {
        page.newLine()
        page.element("section") { page in
            page.element("h2", text: title)
            page.newLine()
            body(&page)
        }
    }

    /// Writes a table; the first `texts` columns are words, the others numbers.
    func table(_ header: [String], texts: Int, into page: inout Markup, _ rows: [[String]]) {
        let style = { (column: Int) in column < texts ? "word" : "number" }
        page.element("div", [("class", "scroll")]) { page in
            page.element("table") { page in
                page.element("thead") { page in
                    page.element("tr") { page in
                        for (column, text) in header.enumerated() {
                            page.element("th", [("scope", "col"), ("class", style(column))], text: text)
                        }
                    }
                }
                page.element("tbody") { page in
                    for row in rows {
                        page.newLine()
                        page.element("tr") { page in
                            for (column, text) in row.enumerated() {
                                page.element("td", class: style(column), text: text)
                            }
                        }
                    }
                }
            }
        }
        page.newLine()
    }

    private func writeHeader(into page: inout Markup) {
        page.element("h1", text: content.title)
        page.newLine()
        if let span = content.span {
            let length = NumberText.duration(span.last &- span.first)
            page.element(
                "p",
                class: "span",
                text: "\(time(span.first)) to \(time(span.last)) UTC receive time, \(length)"
            )
        } else {
            page.element("p", class: "span", text: "No frames: there is nothing to show.")
        }
        page.newLine()
        let isSound = content.losses.isEmpty
        page.element("p", [("class", isSound ? "verdict sound" : "verdict damaged")]) { page in
            page.element("strong", text: isSound ? "The log is whole. " : "The log is not whole. ")
            page.write(
                isSound
                    ? "Nothing of what was recorded is lost or damaged."
                    : "Frames were lost or may have been; the rows below lack them. See Losses."
            )
        }
        page.newLine()
        page.element("ul", [("class", "headlines")]) { page in
            for one in content.headlines {
                page.element("li") { page in
                    page.element("b", text: NumberText.grouped(one.count))
                    page.write(" \(one.label)")
                }
            }
        }
        page.newLine()
        for note in content.notes { page.element("p", class: "note", text: note) }
    }

    private func writeRecordings(into page: inout Markup) {
        section("Recordings", into: &page) { page in
            let header = [
                "file", "state", "chunks", "messages", "from (UTC)", "to (UTC)", "stored", "expanded",
                "ratio",
            ]
            table(header, texts: 3, into: &page, content.recordings.map(row))
            let channels = content.recordings.flatMap { file in
                file.channels.map { [file.name, $0.label, NumberText.grouped($0.count)] }
            }
            guard !channels.isEmpty else { return }
            page.element("h3", text: "Connections and topics")
            table(["file", "topic", "messages"], texts: 2, into: &page, channels)
        }
    }

    private func row(_ file: RecordingFacts) -> [String] {
        let isEmpty = file.storedBytes == 0
        let ratio = isEmpty ? 0 : Double(file.expandedBytes) / Double(file.storedBytes)
        return [
            file.name, file.state, file.compression, NumberText.grouped(file.messages),
            file.span.map { time($0.first, digits: 3) } ?? "–",
            file.span.map { time($0.last, digits: 3) } ?? "–",
            NumberText.bytes(file.storedBytes), NumberText.bytes(file.expandedBytes),
            isEmpty ? "–" : "\(NumberText.fixed(ratio, decimals: 2)) : 1",
        ]
    }

    private func writeLosses(into page: inout Markup) {
        section("Losses", into: &page) { page in
            if content.losses.isEmpty {
                page.element(
                    "p",
                    text: "None: every file is whole, no counter jumps, and the recorder dropped nothing."
                )
            } else {
                page.element("ul", [("class", "losses")]) { page in
                    for loss in content.losses { page.element("li", text: loss) }
                }
            }
        }
    }

    private func writeReproduction(into page: inout Markup) {
        section("Made again by", into: &page) { page in
            page.element("pre", text: content.commands.joined(separator: "\n"))
            page.element("dl", [("class", "digests")]) { page in
                page.element("dt", text: "row digest")
                page.element("dd", class: "code", text: content.digest)
                page.element("dt", text: "content digest")
                page.element("dd", class: "code", text: content.contentDigest)
            }
        }
    }

    /// A time of day with its date.
    func time(_ time: Int64, digits: Int = 3) -> String {
        let text = UnixTime.rfc3339(time, fractionDigits: digits).dropLast()
        return "\(text.prefix(10)) \(text.dropFirst(11))"
    }
}
