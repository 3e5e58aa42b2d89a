/// An SVG chart over time: axes, with lines, bars and shades.
struct Chart {
    let time: TimeAxis
    let value: ValueAxis
    /// The height of the whole drawing; its width is ``width``.
    let height: Double

    static let width = 960.0
    private static let (left, right, top, bottom) = (96.0, 14.0, 8.0, 22.0)

    private var base: Double { height - Self.bottom }

    /// The horizontal position of a time.
    func x(_ time: Int64) -> Double {
        Self.left + self.time.fraction(time) * (Self.width - Self.left - Self.right)
    }

    /// The vertical position of a value.
    func y(_ value: Double) -> Double { base - self.value.fraction(value) * (base - Self.top) }

    /// Writes the drawing; `label` describes it to screen readers.
    func write(_ label: String, into page: inout Markup, _ content: (inout Markup) -> Void) {
        let size = "0 0 \(NumberText.coordinate(Self.width)) \(NumberText.coordinate(height))"
        let index = [
            ("xmlns", "http://www.w3.org/2000/svg"), ("viewBox", size), ("role", "img"),
            ("aria-label", label),
        ]
        page.element("svg", index.map { (name: $0.0, value: $0.1) }) { page in
            writeGrid(into: &page)
            content(&page)
            writeTimes(into: &page)
        }
        page.newLine()
    }

    private func writeGrid(into page: inout Markup) {
        for tick in value.ticks {
            let level = y(tick.value)
            page.path(
                "grid",
                "M\(at(Self.left, level))H\(NumberText.coordinate(Self.width - Self.right))"
            )
            page.label(tick.text, "value", Self.left - 6, level + 4)
        }
    }

    private func writeTimes(into page: inout Markup) {
        page.path("axis", "M\(at(Self.left, base))H\(NumberText.coordinate(Self.width - Self.right))")
        for tick in time.ticks {
            let across = x(tick.time)
            page.path("axis", "M\(at(across, base))v4")
            // A text in the corner would exceed the drawing.
            let style = across > Self.width - Self.right - 40 ? "time last" : "time"
            page.label(tick.text, style, style == "time" ? across : Self.width - 2, height - 5)
        }
    }

    // MARK: - Shades and marks

    /// Shades the buckets that are wanted; neighbours share one shade.
    func shade<Bucket>(
        _ series: TimeSeries<Bucket>,
        into page: inout Markup,
        where isWanted: (Bucket) -> Bool
    ) {
        var outline = ""
        var start: Int?
        for index in 0...series.buckets.count {
            let wanted = index < series.buckets.count && isWanted(series.buckets[index])
            if wanted {
                start = start ?? index
            } else if let first = start {
                outline += box(
                    series.start(of: first),
                    series.start(of: index),
                    Self.top,
                    leastWidth: 1.5
                )
                start = nil
            }
        }
        if !outline.isEmpty { page.path("gap", outline) }
    }

    /// Marks buckets by a line from top to bottom.
    func mark<Bucket>(
        _ series: TimeSeries<Bucket>,
        into page: inout Markup,
        where isWanted: (Bucket) -> Bool
    ) {
        var outline = ""
        for index in series.buckets.indices where isWanted(series.buckets[index]) {
            outline += "M\(at(middle(of: index, in: series), Self.top))V\(NumberText.coordinate(base))"
        }
        if !outline.isEmpty { page.path("break", outline) }
    }

    // MARK: - Bars and lines

    /// Draws a bar from zero for each bucket.
    func bars<Bucket>(
        _ series: TimeSeries<Bucket>,
        _ style: String,
        into page: inout Markup,
        height: (Bucket) -> Double
    ) {
        var outline = ""
        for (index, bucket) in series.buckets.enumerated() {
            let value = height(bucket)
            guard value > 0 else { continue }
            outline += box(
                series.start(of: index),
                series.start(of: index + 1),
                y(value),
                leastWidth: 0.6
            )
        }
        if !outline.isEmpty { page.path(style, outline) }
    }

    /// Draws the last value of each bucket as a line, within a band from the least to the greatest.
    ///
    /// The line breaks at buckets without a value, but for those that may be empty.
    func line<Bucket>(
        _ series: TimeSeries<Bucket>,
        into page: inout Markup,
        _ range: (Bucket) -> ValueRange,
        mayBeEmpty: (Bucket) -> Bool
    ) {
        var (upper, lower, line, band) = ("", "", "", "")
        func endRun() {
            if !lower.isEmpty { band += "M\(upper)L\(lower)z" }
            (upper, lower) = ("", "")
        }
        for (index, bucket) in series.buckets.enumerated() {
            let range = range(bucket)
            guard range.count > 0 else {
                if !mayBeEmpty(bucket) { endRun() }
                continue
            }
            let across = middle(of: index, in: series)
            // A run of one point is a dot: a line of no length with round ends.
            line += upper.isEmpty ? "M\(at(across, y(range.last)))h0" : "L\(at(across, y(range.last)))"
            upper += "\(upper.isEmpty ? "" : " ")\(at(across, y(range.greatest)))"
            lower = "\(at(across, y(range.least)))\(lower.isEmpty ? "" : " ")\(lower)"
        }
        endRun()
        if !band.isEmpty { page.path("band", band) }
        if !line.isEmpty { page.path("line", line) }
    }

    private func middle<Bucket>(of index: Int, in series: TimeSeries<Bucket>) -> Double {
        (x(series.start(of: index)) + x(series.start(of: index + 1))) / 2
    }

    private func box(_ start: Int64, _ end: Int64, _ top: Double, leastWidth: Double) -> String {
        let (left, right) = (x(start), x(end))
        let width = NumberText.coordinate(max(leastWidth, right - left))
        return "M\(at(left, top))h\(width)V\(NumberText.coordinate(base))h-\(width)z"
    }

    private func at(_ x: Double, _ y: Double) -> String {
        "\(NumberText.coordinate(x)) \(NumberText.coordinate(y))"
    }
}

extension Markup {
    /// Writes a path of a class.
    mutating func path(_ style: String, _ outline: String) {
        void("path", [("class", style), ("d", outline)])
    }

    /// Writes a text into a drawing.
    mutating func label(_ text: String, _ style: String, _ x: Double, _ y: Double) {
        let attributes = [("class", style), ("x", NumberText.coordinate(x)), ("y", NumberText.coordinate(y))]
        element("text", attributes.map { (name: $0.0, value: $0.1) }, text: text)
    }
}
