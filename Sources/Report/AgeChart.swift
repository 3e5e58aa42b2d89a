/// The ages of books: a line of quantiles per instrument, over a logarithmic axis.
struct AgeChart {
    /// An instrument's name and the ages of its books.
    let instruments: [(name: String, ages: AgeHistogram)]

    /// The quantiles shown, as parts of 1000, and their names.
    static let quantiles = [(500, "median"), (900, "90 %"), (990, "99 %"), (999, "99.9 %")]

    private static let (left, right, top, lineHeight, bottom) = (220.0, 26.0, 6.0, 20.0, 22.0)

    /// Writes the drawing.
    func write(into page: inout Markup) {
        let height = Self.top + Double(instruments.count) * Self.lineHeight + Self.bottom
        let size = "0 0 \(NumberText.coordinate(Chart.width)) \(NumberText.coordinate(height))"
        let attributes = [
            ("xmlns", "http://www.w3.org/2000/svg"), ("viewBox", size), ("role", "img"),
            ("aria-label", "Ages of books by quantile"),
        ]
        page.element("svg", attributes.map { (name: $0.0, value: $0.1) }) { page in
            writeAxis(height, into: &page)
            for (index, instrument) in instruments.enumerated() {
                let middle = Self.top + (Double(index) + 0.5) * Self.lineHeight
                page.label(shortened(instrument.name), "value", Self.left - 10, middle + 4)
                write(instrument.ages, middle, into: &page)
            }
        }
        page.newLine()
    }

    /// In steps of ten, from the least median to the greatest age.
    private var decades: [Int64] {
        let greatest = instruments.map(\.ages.greatest).max() ?? 0
        let least = instruments.compactMap { $0.ages.quantile(1, of: 2) }.min() ?? 0
        var first: Int64 = 1
        while first <= least / 10, first < .max / 100 { first *= 10 }
        var found = [first, first * 10]
        while let last = found.last, last < greatest, last <= .max / 10 { found.append(last * 10) }
        return found
    }

    private func writeAxis(_ height: Double, into page: inout Markup) {
        let base = height - Self.bottom
        for decade in decades {
            let index = x(decade)
            let line = "M\(NumberText.coordinate(index)) \(NumberText.coordinate(Self.top))"
            page.path("grid", "\(line)V\(NumberText.coordinate(base))")
            page.label(NumberText.duration(decade), "time", index, height - 6)
        }
    }

    private func write(_ ages: AgeHistogram, _ middle: Double, into page: inout Markup) {
        let indexes = AgeChart.quantiles.compactMap { ages.quantile($0.0, of: 1000) }.map(x)
        guard let first = indexes.first, let last = indexes.last else { return }
        let height = NumberText.coordinate(middle)
        let end = NumberText.coordinate(x(ages.greatest))
        page.path("whisker", "M\(NumberText.coordinate(last)) \(height)H\(end)")
        page.path("range", "M\(NumberText.coordinate(first)) \(height)H\(NumberText.coordinate(last))")
        let ticks = indexes.dropFirst().map {
            "M\(NumberText.coordinate($0)) \(NumberText.coordinate(middle - 5))v10"
        }
        page.path("tick", ticks.joined())
        let centre = [("cx", NumberText.coordinate(first)), ("cy", height), ("r", "4")]
        page.void("circle", [("class", "median")] + centre.map { (name: $0.0, value: $0.1) })
    }

    private func x(_ age: Int64) -> Double {
        let decades = decades
        guard let first = decades.first, let last = decades.last else { return Self.left }
        let share = (Self.octaves(age) - Self.octaves(first)) / (Self.octaves(last) - Self.octaves(first))
        return Self.left + min(1, max(0, share)) * (Chart.width - Self.left - Self.right)
    }

    /// The logarithm to base 2, linear within each octave: a library's differs from machine to machine.
    private static func octaves(_ age: Int64) -> Double {
        let value = Double(max(1, age))
        return Double(value.exponent) + value.significand - 1
    }

    /// A name that fits beside the drawing.
    private func shortened(_ name: String) -> String {
        name.count <= 34 ? name : "…" + name.suffix(33)
    }
}
