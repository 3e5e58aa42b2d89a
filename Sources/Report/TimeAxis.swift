import MarketModel

/// A chart's span of time, with marks at whole units of UTC.
struct TimeAxis {
    /// Nanoseconds since the Unix epoch, UTC.
    let start: Int64
    /// Nanoseconds since the Unix epoch, UTC; after the start.
    let end: Int64
    /// The times of the marks, and their texts.
    let ticks: [(time: Int64, text: String)]

    /// The times for which marks can be computed, beyond those of any recording.
    private static let shown: ClosedRange<Int64> = -4_000_000_000_000_000_000...9_200_000_000_000_000_000

    /// An axis over a span, with at most a given number of marks.
    init(_ span: (start: Int64, end: Int64), marks: Int) {
        start = min(max(span.start, Self.shown.lowerBound), Self.shown.upperBound - 1)
        end = min(max(span.end, start + 1), Self.shown.upperBound)
        let length = Double(end) - Double(start)
        let step = TimeAxis.step(atLeast: length / Double(max(1, marks)))
        var ticks: [(time: Int64, text: String)] = []
        var time = UnixTime.floorDivide(start, step) * step
        if time < start { time += step }
        while time <= end, ticks.count <= marks {
            ticks.append((time, TimeAxis.text(time, step: step, length: length)))
            let (next, overflow) = time.addingReportingOverflow(step)
            if overflow { break }
            time = next
        }
        self.ticks = ticks
    }

    /// The relative position of a time, from 0 to 1.
    func fraction(_ time: Int64) -> Double {
        min(1, max(0, (Double(time) - Double(start)) / (Double(end) - Double(start))))
    }

    private static func step(atLeast raw: Double) -> Int64 {
        let (second, minute, hour) = (UnixTime.second, 60 * UnixTime.second, 3600 * UnixTime.second)
        var steps: [Int64] = []
        var unit: Int64 = 1
        while unit < second {
            steps += [unit, 2 * unit, 5 * unit]
            unit *= 10
        }
        steps += [1, 2, 5, 10, 15, 30].map { $0 * second } + [1, 2, 5, 10, 15, 30].map { $0 * minute }
        steps += [1, 2, 3, 6, 12].map { $0 * hour } + [1, 2, 7, 14, 28].map { $0 * UnixTime.day }
        if let found = steps.first(where: { Double($0) >= raw }) { return found }
        var step = 56 * UnixTime.day
        while Double(step) < raw, step < .max / 4 { step *= 2 }
        return step
    }

    private static func text(_ time: Int64, step: Int64, length: Double) -> String {
        let digits =
            step >= UnixTime.second
            ? 0 : step >= UnixTime.millisecond ? 3 : step >= 1000 ? 6 : 9
        let text = UnixTime.rfc3339(time, fractionDigits: digits).dropLast()
        let (date, clock) = (text.prefix(10), text.dropFirst(11))
        if step >= UnixTime.day { return String(date) }
        let short = step >= 60 * UnixTime.second ? clock.prefix(5) : clock
        return length > Double(UnixTime.day) ? "\(date.dropFirst(5)) \(short)" : String(short)
    }
}
