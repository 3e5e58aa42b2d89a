import MarketModel

/// When something was live: half-open spans in order of their starts; the last one may be open.
struct LiveSpans: Sendable {
    struct Span: Sendable, Equatable {
        var start: Int64
        /// `Int64.max` while open.
        var end: Int64
    }

    private(set) var spans: [Span] = []

    var isEmpty: Bool { spans.isEmpty }

    var isOpen: Bool { spans.last?.end == .max }

    /// Begins a span; one that starts no later than the last one's end continues that one if `continuing`.
    mutating func open(at time: Int64, continuing: Bool = true) {
        guard let last = spans.last else {
            spans.append(Span(start: time, end: .max))
            return
        }
        if last.end == .max { return }
        if continuing, time <= last.end {
            spans[spans.count - 1].end = .max
        } else {
            spans.append(Span(start: time, end: .max))
        }
    }

    mutating func close(at time: Int64) {
        guard let last = spans.last, last.end == .max else { return }
        spans[spans.count - 1].end = max(time, last.start)
    }

    /// Whether one span covers `[start, end)`.
    func covers(_ start: Int64, _ end: Int64) -> Bool {
        var index = spans.count
        while index > 0 {
            index -= 1
            if spans[index].start <= start { return spans[index].end >= end }
        }
        return false
    }

    /// Whether any span overlaps `[start, end)`; an empty span counts at its instant.
    func meets(_ start: Int64, _ end: Int64) -> Bool {
        for span in spans where span.start < end && (span.end > start || span.start >= start) { return true }
        return false
    }

    /// Whether it was live before `end` but not throughout `[start, end)`.
    func lapses(_ start: Int64, _ end: Int64) -> Bool {
        guard let first = spans.first, first.start < end else { return false }
        return !covers(start, end)
    }

    /// Whether nothing changes from `time` on, as far as known.
    func isSettled(at time: Int64) -> Bool {
        guard let last = spans.last else { return true }
        return last.start <= time && (last.end == .max || last.end <= time)
    }

    /// Drops spans that rows from `time` on cannot overlap; keeps the last one.
    mutating func forget(before time: Int64) {
        guard spans.count > 1 else { return }
        var keep = 0
        while keep + 1 < spans.count, spans[keep].end <= time, spans[keep + 1].start <= time { keep += 1 }
        if keep > 0 { spans.removeFirst(keep) }
    }
}

extension LiveSpans: StateElement {
    static var blank: LiveSpans { LiveSpans() }

    mutating func code(_ coder: inout StateCoder) throws(StateError) { try coder.packed("spans", &spans) }
}

extension LiveSpans.Span: StateElement {
    static var blank: Self { Self(start: 0, end: 0) }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("start", &start)
        try coder.packed("end", &end)
    }
}
